// Drives one page of a Firefox or a WebKit for engines_test.go:
//
//     node drive.mjs firefox|webkit PROGRAM FOLDER
//
// FOLDER's node_modules has what scripts/install-webdrivers.sh installs. A line of JSON on stdin is a call, ["open", "http://…"], and a line on
// stdout its outcome, {"value": …} or {"error": "…"}. The first line comes when the browser is there, and the browser goes when stdin ends.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { createInterface } from "node:readline";

const [engine, program, folder] = process.argv.slice(2);
const require = createRequire(folder + "/");

async function firefox() {
  const browser = await require("puppeteer-core").launch({ browser: "firefox", executablePath: program, headless: true });
  const page = await browser.newPage();
  return {
    open: (url) => page.goto(url),
    value: (js) => page.evaluate(js),
    click: (selector) => page.click(selector),
    end: () => browser.close(),
  };
}

async function webkit() {
  const { Builder, By } = require("selenium-webdriver");
  const port = await freePort();
  const driver = spawn(program, [`--port=${port}`], { stdio: ["ignore", "ignore", "inherit"] });
  process.on("exit", () => driver.kill()); // also if no browser starts
  const server = `http://127.0.0.1:${port}`;
  while (driver.exitCode === null && !(await fetch(server + "/status").then((r) => r.ok, () => false))) await new Promise((f) => setTimeout(f, 50));
  const browser = await new Builder().usingServer(server).withCapabilities({ browserName: "MiniBrowser" }).build();
  return {
    open: (url) => browser.get(url),
    value: (js) => browser.executeScript(`return ${js}`),
    click: (selector) => browser.findElement(By.css(selector)).click(),
    end: () => browser.quit().finally(() => driver.kill()),
  };
}

const freePort = () => new Promise((done) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => done(port));
  });
});

const tell = (outcome) => console.log(JSON.stringify(outcome));

const calls = await { firefox, webkit }[engine]();
tell({});
for await (const line of createInterface({ input: process.stdin })) {
  const [name, argument] = JSON.parse(line);
  await calls[name](argument).then((value) => tell({ value: name === "value" ? value : undefined }), (error) => tell({ error: String(error) }));
}
await calls.end();
