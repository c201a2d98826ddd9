"""__Type__: how full is the disk? It looks once, or with "every" again and again until it is stopped."""
import json, math, shutil, sys, threading

stopped = threading.Event()


def say(type, **facts):
    # In one piece: two threads say things.
    sys.stdout.write(json.dumps({"type": type, **facts}) + "\n")
    sys.stdout.flush()


def look(folder):
    _, used, free = shutil.disk_usage(folder)
    return math.ceil(100 * used / (used + free))


def watch(spec, folder):
    """The work. Whatever happens, exactly one outcome is said."""
    try:
        while True:
            used = look(folder)
            say("record", stream="output", value={"usedPercent": used})
            if used > spec["limit"]:
                message = f"{used} % of the disk are used, the limit is {spec['limit']} %"
                return say("outcome", state="Failed", error={"code": "DiskTooFull", "message": message})
            if "every" not in spec:
                return say("outcome", state="Completed")
            if stopped.wait(spec["every"]):
                return say("outcome", state="Stopped", reason="stopped")
    except Exception as error:
        say("outcome", state="Failed", error={"message": str(error)})


for line in sys.stdin:
    message = json.loads(line)
    type = message["type"]
    if type == "hello":
        say("ready", protocol=1)
    elif type == "prepare":
        spec, folder = message["spec"], message["workingDirectory"]
        say("prepared")
    elif type == "start":
        # Beside this loop, which has to hear a "stop".
        threading.Thread(target=watch, args=(spec, folder), daemon=True).start()
    elif type == "stop":
        stopped.set()
    elif type == "dispose":
        break
# The end of the input means that nobody is left to work for.
stopped.set()
