# A health check of an address at which nobody answers is Failed, and says why.
nightshift new Shop --from HealthCheck >made 2>next
sed -i "s|URL: \"\"|URL: http://127.0.0.1:2/|" definitions/Shop.yaml
start-job --definition-name Shop --wait
