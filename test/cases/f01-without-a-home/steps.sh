# Without HOME, or with one that is no folder, the stores named by the environment are used.
env -u HOME start-job --wait -- echo x
HOME=$PWD/a-file start-job --wait -- echo y
get-job -o id
