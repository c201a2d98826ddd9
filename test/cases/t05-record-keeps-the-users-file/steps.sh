# What a person has written in the own configuration stays, byte for byte.
mkdir -p ~/.config/nightshift
printf '# mine\ntimeZone: UTC   # at sea\n\nsafeOwners: [ 7 ]\n' > ~/.config/nightshift/config.yaml
nightshift trust > shown
cat ~/.config/nightshift/config.yaml
nightshift trust --revoke > shown
head -4 ~/.config/nightshift/config.yaml
