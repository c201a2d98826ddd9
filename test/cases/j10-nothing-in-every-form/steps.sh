# A job that has nothing more is an empty list in every form that has lists.
start-job -o id -- true
wait-job 1 -o id
for form in json yaml jsonl table; do
  echo "$form:"
  receive-job 1 -o $form
done
