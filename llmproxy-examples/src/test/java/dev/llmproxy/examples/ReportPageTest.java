package dev.llmproxy.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.retry.Retry;
import dev.llmproxy.route.Deployment;
import dev.llmproxy.route.Route;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The report's page as a browser shows it. */
@ExtendWith(BrowserForTests.class)
class ReportPageTest {
    private static final List<String> PAYLOADS = List.of(
            "x".repeat(120),
            "<script>window.pwned=1</script>",
            "</script><script>window.pwned=1</script>",
            "<img src=x onerror=window.pwned=1>",
            "\"><svg onload=window.pwned=1>",
            "'-window.pwned=1-'",
            "<!--<script>window.pwned=1",
            "]]><iframe srcdoc='<script>parent.pwned=1</script>'>",
            "{{constructor.constructor('window.pwned=1')()}}",
            "javascript:window.pwned=1",
            "&lt;img src=x onerror=window.pwned=1&gt;",
            "\u202egpj.exe\u2066<b>");
    // Everything a reader can unfold is unfolded, so that all of it is looked at.
    private static final String UNFOLD = "document.querySelectorAll('details').forEach(d => d.open = true);"
            + "document.querySelector('tr.failed .opener').click();";
    private static final String TOO_FAINT = """
            const parse = c => c.match(/[\\d.]+/g).map(Number);
            const light = ([r, g, b]) => {
              const [x, y, z] = [r, g, b].map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
              return 0.2126 * x + 0.7152 * y + 0.0722 * z;
            };
            const ground = e => {
              for (; e; e = e.parentElement) {
                const c = parse(getComputedStyle(e).backgroundColor);
                if (c.length === 3 || c[3] === 1) return c;
              }
              return [255, 255, 255];
            };
            const found = [];
            let looked = 0;
            const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            while (walker.nextNode()) {
              const text = walker.currentNode.textContent.trim();
              const e = walker.currentNode.parentElement;
              if (!text || e.closest('script, style, title, noscript, [hidden]') || e.getClientRects().length === 0) continue;
              const style = getComputedStyle(e);
              const [a, b] = [light(parse(e instanceof SVGElement ? style.fill : style.color)), light(ground(e))];
              const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
              looked++;
              if (contrast < 4.5) found.push(contrast.toFixed(2) + ' ' + text.slice(0, 40));
            }
            return looked < 100 ? ['only ' + looked + ' texts'] : found;""";

    private static final String TOO_WIDE = """
            const wide = [...document.querySelectorAll('main *')]
                .filter(e => !e.closest('.scroll, svg, .unseen, thead') && e.getBoundingClientRect().right > innerWidth + 1)
                .map(e => e.outerHTML.slice(0, 200));
            const page = document.documentElement.scrollWidth;
            return page > innerWidth ? ['the page is ' + page + ' wide', ...wide] : wide;""";

    @TempDir
    static Path directory;

    private static Browser browser;
    private static String usual;
    private static String hostile;

    @BeforeAll
    static void writeThePages(Browser shared) throws IOException {
        browser = shared;
        try (Visitor visitor = new Visitor()) {
            visitor.mixed();
            usual = pageOf(visitor, "usual.html");
        }
        try (Visitor visitor = new Visitor()) {
            PAYLOADS.forEach(visitor::hostile);
            hostile = pageOf(visitor, "hostile.html");
        }
    }

    private static String pageOf(Visitor visitor, String name) throws IOException {
        Path file = directory.resolve(name);
        visitor.proxy().report().writeHtml(file);
        return file.toUri().toString();
    }

    @BeforeEach
    void openAnew() {
        browser.prefer("light");
        browser.size(1280, 900);
        browser.open("about:blank");
        browser.console();
        browser.requests();
        browser.open(usual);
    }

    @Test
    void allOfItIsShownAndNothingIsLoaded() {
        assertThat(browser.text("#findings h2")).isEqualTo("Three causes explain all of 4 failures");
        assertThat(browser.text(".finding h3")).isNotBlank();
        assertThat(browser.text(".finding .remedies")).isNotBlank();
        assertThat(browser.count(".finding")).isEqualTo(3);
        assertThat(browser.text(".tile")).contains("127.0.0.1", "some failures");
        assertThat(browser.count(".model")).isEqualTo(2);
        assertThat(browser.count("svg.chart")).as("the streams tell no tokens").isEqualTo(3);
        assertThat(browser.count("tr.call")).isEqualTo(10);
        assertThat(browser.console()).isEmpty();
        assertThat(browser.requests()).isNotEmpty().allMatch(url -> url.equals(usual) || url.startsWith("data:"));
    }

    @Test
    void aDeploymentThatIsEjectedIsTold() throws IOException {
        Path file = directory.resolve("ejected.html");
        try (ScriptedProvider east = ScriptedProvider.start();
                ScriptedProvider west = ScriptedProvider.start();
                LlmProxy proxy = LlmProxy.builder()
                        .route(Route.from("https://llm.example/v1")
                                .failover(
                                        Deployment.at(east.url("/v1")).named("east"),
                                        Deployment.at(west.url("/v1")).named("west")))
                        .retry(Retry.attempts(2).budget(1))
                        .build()) {
            east.always(Reply.json(500, "{\"error\":{\"message\":\"broken\"}}"));
            west.always(Replies.chat("Because."));
            OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
            for (int i = 0; i < 8; i++) {
                assertThat(new Application(client, "https://llm.example/v1").ask(false))
                        .isEqualTo("200 \"Because.\"");
            }
            proxy.report().writeHtml(file);
            client.connectionPool().evictAll();
        }
        browser.open(file.toUri().toString());
        assertThat(browser.text(".tile .state.bad")).isEqualTo("ejected");
        assertThat(browser.run("return [...document.querySelectorAll('.tile')].find(t => t.querySelector('.bad'))"
                                + ".textContent")
                        .toString())
                .contains("east", "rests for");
        assertThat(browser.text(".state.good")).isEqualTo("healthy");
    }

    @Test
    void evidenceUnfolds() {
        browser.click(".finding summary");
        assertThat(browser.text(".finding details[open] .facts")).contains("status429");
    }

    @Test
    void theLogIsFiltered() {
        browser.run("document.getElementById('filter').focus()");
        browser.press("q", "u", "o", "t", "a");
        assertThat(browser.text("#found")).isEqualTo("2 of 10 calls");
        assertThat(browser.count("tr.call")).isEqualTo(2);
        browser.run("const by = document.querySelectorAll('.filters select')[0]; by.value = 'succeeded';"
                + "by.dispatchEvent(new Event('change'))");
        assertThat(browser.text("#found")).isEqualTo("0 of 10 calls");
        assertThat(browser.run("return document.getElementById('none').hidden")).isEqualTo(false);
    }

    @Test
    void aFindingLeadsToItsCalls() {
        browser.click(".finding .link");
        assertThat(browser.text("#found")).isEqualTo("2 of 10 calls");
        assertThat(browser.text("tr.call .cause")).isEqualTo("limit.quota");
    }

    @Test
    void aClickDrillsDown() {
        browser.run("document.getElementById('filter').value = 'provider.';"
                + "document.getElementById('filter').dispatchEvent(new Event('input'))");
        browser.click("tr.call .model-name");
        assertThat(browser.count(".waterfall .attempt")).isEqualTo(2);
        assertThat(browser.text(".waterfall"))
                .contains("Attempt 1", "Attempt 2", "status 200", "send", "wait", "between");
        assertThat(browser.run("const [a, b] = [...document.querySelectorAll('.track i.wait')]"
                        + ".map(bar => bar.getBoundingClientRect()); return b.left > a.right && b.width > 0"))
                .isEqualTo(true);
        browser.click("tr.call .model-name");
        assertThat(browser.count(".waterfall")).isZero();
    }

    @Test
    void theKeyboardDrillsDown() {
        browser.run("document.querySelector('#rows .opener').focus()");
        browser.press(Browser.DOWN, Browser.DOWN, Browser.ENTER);
        assertThat(browser.count("tr.drilled")).isEqualTo(1);
        assertThat(browser.run("return document.activeElement.getAttribute('aria-expanded')"))
                .isEqualTo("true");
        assertThat(browser.run("return [...document.querySelectorAll('tr.call')].findIndex(r => r.matches('.open'))"))
                .isEqualTo(2.0);
        browser.press(Browser.ESCAPE);
        assertThat(browser.count("tr.drilled")).isZero();
    }

    @Test
    void aDotLeadsToItsCall() {
        browser.run("document.querySelector('.dot.failed').dispatchEvent(new MouseEvent('click'))");
        assertThat(browser.text("tr.open .outcome")).isEqualTo("failed");
        assertThat(browser.run("return document.activeElement.dataset.call"
                        + " === document.querySelector('.dot.failed').dataset.call"))
                .isEqualTo(true);
    }

    @Test
    void textFromOutsideStaysText() {
        browser.requests();
        browser.open(hostile);
        browser.run(UNFOLD);
        assertThat(browser.run("return window.pwned === undefined")).isEqualTo(true);
        assertThat(browser.count("img, iframe, svg:not(.chart, .rhythm), b, [onload], [onerror]"))
                .isZero();
        assertThat(browser.count("script")).isEqualTo(2);
        assertThat(browser.text("#findings")).contains(PAYLOADS.subList(7, 11));
        assertThat(browser.text("#calls")).contains(PAYLOADS.subList(0, 11));
        assertThat(browser.text("body").replaceAll("(?s)\\{\"schemaVersion.*", ""))
                .doesNotContain("\u202e", "\u2066");
        assertThat(browser.console()).isEmpty();
        assertThat(browser.requests()).isNotEmpty().allMatch(url -> url.equals(hostile) || url.startsWith("data:"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void allTextCanBeRead(String scheme) {
        browser.prefer(scheme);
        browser.run(UNFOLD);
        assertThat(browser.run("return getComputedStyle(document.documentElement).colorScheme"))
                .isEqualTo("light dark");
        assertThat((List<?>) browser.run(TOO_FAINT)).isEmpty();
    }

    @Test
    void theSwitchChangesTheTheme() {
        String ground = "return getComputedStyle(document.body).backgroundColor";
        Object light = browser.run(ground);
        browser.click("#theme");
        assertThat(browser.text("#theme")).isEqualTo("Theme: light");
        browser.click("#theme");
        assertThat(browser.run(ground)).isNotEqualTo(light);
        browser.click("#theme");
        assertThat(browser.run(ground)).isEqualTo(light);
    }

    @ParameterizedTest
    @ValueSource(ints = {360, 800})
    void nothingScrollsSideways(int width) {
        browser.size(width, 800);
        for (String page : List.of(usual, hostile)) {
            browser.open(page);
            browser.run(UNFOLD);
            browser.await("document.querySelector('svg.chart').getBoundingClientRect().right <= innerWidth");
            assertThat((List<?>) browser.run(TOO_WIDE)).as(page).isEmpty();
        }
    }
}
