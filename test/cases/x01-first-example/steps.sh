# A program is started and shown in a table.
start-job -- sleep 600
