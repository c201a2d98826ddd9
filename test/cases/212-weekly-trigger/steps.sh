# A weekly trigger is described with its days and its interval, and belongs to nothing yet.
new-job-trigger --weekly --days-of-week Monday,Wednesday,Friday --at 23:00 --weeks-interval 4 --json | show apiVersion id kind daysOfWeek weeksInterval at enabled definition
new-job-trigger -Weekly -DaysOfWeek Monday, Wednesday, Friday -At "11:00 PM" -WeeksInterval 4
new-job-trigger --weekly --days-of-week 1,3,5 --at 23:00 --json | show daysOfWeek
