# Intervals below one, a repetition that is half said and one that contradicts itself are refused.
new-job-trigger --daily --at 3:00 --days-interval 0 || echo "exit $?"
new-job-trigger --daily --at 3:00 --days-interval two || echo "exit $?"
once() { new-job-trigger --once --at 2027-01-01T00:00 "$@" --json | show repetitionInterval repetitionDuration repeatIndefinitely; }
refused() { new-job-trigger --once --at 2027-01-01T00:00 "$@" || echo "exit $?"; }
refused --repetition-interval 1h --repetition-duration 2h --repeat-indefinitely
refused --repeat-indefinitely
refused --repetition-interval 2h --repetition-duration 1h
refused --repetition-interval 59s --repetition-duration 1h
refused --repetition-interval 0 --repetition-duration 0
once --repetition-interval 1h --repetition-duration 1h
once --repetition-interval 60s --repetition-duration 1h
once --repetition-interval 1h --repeat-indefinitely
