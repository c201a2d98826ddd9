# Zero for interval and duration removes a repetition, zero for one of them is an error, and the interval changes alone.
set-job-trigger N --repetition-interval 90m --pass-thru -o jsonl | show repetitionInterval repetitionDuration
set-job-trigger N --repetition-interval 0s || echo "exit $?"
set-job-trigger N --repeat-indefinitely --pass-thru -o jsonl | show repetitionInterval repetitionDuration repeatIndefinitely
set-job-trigger N --repetition-interval 0s --repetition-duration 0s
cat definitions/N.yaml
set-job-trigger N --at 4pm
cat definitions/N.yaml
