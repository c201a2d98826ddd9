# A trigger without a kind, or without what its kind needs, is refused; so are two kinds and what belongs to another one.
new-job-trigger --weekly --at 3:00 || echo "exit $?"
new-job-trigger --at 3:00 --days-of-week Monday || echo "exit $?"
new-job-trigger --daily --weekly --at 3:00 || echo "exit $?"
new-job-trigger --daily --at 3:00 --user bob || echo "exit $?"
new-job-trigger daily || echo "exit $?"
