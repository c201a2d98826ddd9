# A hash table in PowerShell's words makes the same entry as our own form; its keys are read without case.
add-job-trigger A --trigger '{Frequency: Weekly, At: "23:00", DaysOfWeek: [Monday], Interval: 2}'
add-job-trigger B --trigger '{weekly: {at: "23:00", daysOfWeek: [Monday], weeksInterval: 2}}'
add-job-trigger C --trigger '{"frequency": "weekly", "at": "11 pm", "daysofweek": "1", "INTERVAL": 2, "user": null}'
cat definitions/A.yaml
cmp definitions/A.yaml definitions/B.yaml
cmp definitions/A.yaml definitions/C.yaml
add-job-trigger A --trigger '{Frequency: Daily, At: "3am", User: bob}' || echo "exit $?"
add-job-trigger A --trigger '{Frequency: Hourly}' || echo "exit $?"
add-job-trigger A --trigger '@{Frequency="Daily"; At="3am"}' || echo "exit $?"
cmp definitions/A.yaml definitions/B.yaml
