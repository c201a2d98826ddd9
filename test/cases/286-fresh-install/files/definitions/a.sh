echo from json
