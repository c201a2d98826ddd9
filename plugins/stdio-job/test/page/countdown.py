import json, sys, threading

def say(type, **facts):
    print(json.dumps({"type": type, **facts}), flush=True)

stop = threading.Event()

def count(seconds):
    for left in range(seconds, 0, -1):
        say("record", stream="progress", value={"activity": "Counting", "percent": 100 * (seconds - left) // seconds})
        if stop.wait(1):
            return say("outcome", state="Stopped", reason="stopped")
    say("record", stream="output", value={"counted": seconds})
    say("outcome", state="Completed")

for line in sys.stdin:
    message = json.loads(line)
    match message["type"]:
        case "hello":
            say("ready", protocol=1)
        case "prepare":
            seconds = message["spec"]["seconds"]
            say("prepared")
        case "start":
            threading.Thread(target=count, args=(seconds,)).start()
        case "stop":
            stop.set()
        case "dispose":
            break
stop.set()
