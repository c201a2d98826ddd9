[[ -n $BASH_VERSION ]] && echo bash $1
