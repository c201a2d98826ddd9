# What would be imported can be looked at first, and read from a pipe.
echo "@daily date" | nightshift import crontab - --what-if
ls
