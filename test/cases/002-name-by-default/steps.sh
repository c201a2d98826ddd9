# A job without a name is called Job and its id.
start-job -o json -- true | show id name
start-job -o json --name '' -- true | show id name
