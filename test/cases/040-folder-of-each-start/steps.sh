# The folder is that of each start, wherever the previous job ran.
mkdir D E
start-job --wait --working-directory E pwd
cd D
start-job --wait pwd
