echo sh $1
