await new Promise((done) => setTimeout(done, 100));
