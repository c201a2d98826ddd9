# A date that has passed is accepted with a warning; the definition works.
nightshift validate definitions
start-job --definition-name Past --wait
