# A misspelt example gets a suggestion, and nothing is written.
nightshift new Mine --from HelthCheck || code=$?
ls
exit "$code"
