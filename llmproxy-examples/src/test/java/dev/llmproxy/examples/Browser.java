package dev.llmproxy.examples;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A Chromium without a window. */
final class Browser implements AutoCloseable {
    static final String ENTER = "\uE007";
    static final String ESCAPE = "\uE00C";
    static final String DOWN = "\uE015";

    private static final Pattern REQUESTED =
            Pattern.compile("\"method\":\"Network\\.requestWillBeSent\".*?\"request\":\\{.*?\"url\":\"([^\"]*)\"");
    private static final List<String> ARGUMENTS = List.of(
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--hide-scrollbars");

    private final WebDriver driver;
    private final String session;

    private Browser(WebDriver driver, String session) {
        this.driver = driver;
        this.session = session;
    }

    /** Starts one, or skips the test where there is none on this machine. */
    static Browser start() throws IOException {
        assumeTrue(
                isInstalled("chromedriver") && isInstalled("chromium"),
                "no browser: apt-get install chromium chromium-driver");
        WebDriver driver = WebDriver.start();
        Map<?, ?> answer = (Map<?, ?>) driver.post(
                "/session",
                Map.of(
                        "capabilities",
                        Map.of(
                                "alwaysMatch",
                                Map.of(
                                        "goog:loggingPrefs", Map.of("browser", "ALL", "performance", "ALL"),
                                        "goog:chromeOptions", Map.of("args", ARGUMENTS),
                                        "timeouts", Map.of("script", 30_000)))));
        return new Browser(driver, "/session/" + answer.get("sessionId"));
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    void open(String url) {
        driver.post(session + "/url", Map.of("url", url));
    }

    String url() {
        return driver.get(session + "/url").toString();
    }

    /** Returns what a function with this body returns in the page. */
    Object run(String body) {
        return driver.post(session + "/execute/sync", Map.of("script", body, "args", List.of()));
    }

    String text(String selector) {
        return run("return document.querySelector(" + quoted(selector) + ").textContent")
                .toString();
    }

    long count(String selector) {
        return Math.round((double) run("return document.querySelectorAll(" + quoted(selector) + ").length"));
    }

    void click(String selector) {
        run("document.querySelector(" + quoted(selector) + ").click()");
    }

    /** Waits until an expression of JavaScript is true. */
    void await(String condition) {
        driver.post(
                session + "/execute/async",
                Map.of(
                        "script",
                        "const done = arguments[0]; const look = () => (" + condition
                                + ") ? done(true) : setTimeout(look, 30); look();",
                        "args",
                        List.of()));
    }

    /** Presses keys one after the other, where the focus is. */
    void press(String... keys) {
        List<Map<String, String>> actions = new ArrayList<>();
        for (String key : keys) {
            actions.add(Map.of("type", "keyDown", "value", key));
            actions.add(Map.of("type", "keyUp", "value", key));
        }
        driver.post(
                session + "/actions",
                Map.of("actions", List.of(Map.of("type", "key", "id", "keyboard", "actions", actions))));
    }

    void size(int width, int height) {
        devTools(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    void prefer(String scheme) {
        devTools(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    private void devTools(String command, Map<String, ?> parameters) {
        driver.post(session + "/goog/cdp/execute", Map.of("cmd", command, "params", parameters));
    }

    /** Returns what the console was told since this was asked last. */
    List<String> console() {
        return log("browser");
    }

    /** Returns the addresses that were asked for since this was asked last. */
    List<String> requests() {
        return log("performance").stream()
                .map(REQUESTED::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1))
                .toList();
    }

    private List<String> log(String type) {
        return ((List<?>) driver.post(session + "/se/log", Map.of("type", type)))
                .stream()
                        .map(entry -> String.valueOf(((Map<?, ?>) entry).get("message")))
                        .toList();
    }

    void screenshot(Path file) throws IOException {
        Files.write(
                file,
                Base64.getDecoder().decode(driver.get(session + "/screenshot").toString()));
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    @Override
    public void close() {
        try {
            driver.delete(session);
        } finally {
            driver.close();
        }
    }
}
