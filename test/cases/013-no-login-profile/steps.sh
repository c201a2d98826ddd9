# No profile of the user is read.
for profile in .profile .bashrc .bash_profile .bash_login; do echo "echo from $profile" > "$HOME/$profile"; done
start-job --shell bash 'echo x' --wait
start-job 'echo y' --wait
