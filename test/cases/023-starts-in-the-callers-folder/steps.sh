# A job starts in the folder of its caller.
mkdir D
cd D
start-job --wait pwd
