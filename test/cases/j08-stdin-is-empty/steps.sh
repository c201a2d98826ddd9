# The stdin of a job is empty, whatever that of its caller is.
echo something | start-job --wait 'cat; echo end'
