"""CountdownJob: counts seconds down. A job type in Python 3.10 or later, over the stdio protocol."""
import json, sys, threading

def say(type, **facts):
    print(json.dumps({"type": type, **facts}), flush=True)

stop = threading.Event()

def count(seconds, fail):
    for left in range(seconds, 0, -1):
        say("record", stream="progress", value={"activity": "Counting", "percent": 100 * (seconds - left) // seconds})
        if stop.wait(1):
            return say("outcome", state="Stopped", reason="stopped")
    say("record", stream="output", value={"counted": seconds})
    if fail:
        return say("outcome", state="Failed", error={"code": "CountdownFailed", "message": "it was to fail at zero"})
    say("outcome", state="Completed")

for line in sys.stdin:
    message = json.loads(line)
    match message["type"]:
        case "hello":
            say("ready", protocol=1)
        case "prepare":
            spec = message["spec"]
            say("prepared")
        case "start":
            # Beside this loop, which has to hear a "stop".
            threading.Thread(target=count, args=(spec["seconds"], spec["fail"])).start()
        case "stop":
            stop.set()
        case "dispose":
            break
stop.set()
