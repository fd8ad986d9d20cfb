package dev.llmproxy.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.llmproxy.console.LlmProxyConsole;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The console's page as a browser shows it. */
@ExtendWith(BrowserForTests.class)
class LivePageTest {
    private static final String LIVE = "document.getElementById('live').dataset.state === 'on'";

    private final Browser browser;
    private final Visitor visitor = new Visitor();
    private LlmProxyConsole console;

    LivePageTest(Browser browser) {
        this.browser = browser;
    }

    @BeforeEach
    void openTheConsole() throws IOException {
        browser.prefer("light");
        browser.size(1280, 900);
        visitor.answered("gpt-4o-mini");
        console = LlmProxyConsole.open(visitor.proxy());
        browser.open("about:blank");
        browser.console();
        browser.requests();
    }

    @AfterEach
    void close() {
        console.close();
        visitor.close();
    }

    private void openThePage() {
        browser.open(console.url().toString());
        browser.await(LIVE + " && document.querySelectorAll('tr.call').length === 1");
    }

    private static String calls(int count) {
        return "document.querySelectorAll('tr.call').length === " + count;
    }

    @Test
    void thePageFollowsTheCalls() {
        openThePage();
        assertThat(browser.text("#findings h2")).isEqualTo("No failures");
        visitor.ask("gpt-4o", false, Replies.noCredit());
        browser.await(calls(2));
        assertThat(browser.text("#findings h2")).isEqualTo("One cause explains all of 1 failure");
        visitor.answered("gpt-4o-mini");
        browser.await(calls(3));
        String origin = "http://" + console.url().getAuthority() + "/";
        assertThat(browser.console()).isEmpty();
        assertThat(browser.requests()).isNotEmpty().allMatch(url -> url.startsWith(origin) || url.startsWith("data:"));
    }

    @Test
    void theTokenLeavesTheAddressAndAReloadStillWorks() {
        openThePage();
        assertThat(browser.url()).isEqualTo("http://" + console.url().getAuthority() + "/");
        assertThat(browser.run("return document.documentElement.outerHTML").toString())
                .doesNotContain(console.url().getFragment());
        browser.open(browser.url());
        browser.await(LIVE + " && " + calls(1));
    }

    @Test
    void theLinkOfAConsoleThatIsOpenedAgainWorksInThePageOfTheOldOne() throws IOException {
        openThePage();
        console.close();
        console = LlmProxyConsole.open(visitor.proxy(), console.url().getPort());
        browser.open(console.url().toString());
        browser.await("location.hash === '' && " + LIVE + " && " + calls(1));
        assertThat(browser.url()).isEqualTo("http://" + console.url().getAuthority() + "/");
    }

    @Test
    void whoReadsIsNotDisturbed() {
        openThePage();
        browser.click("tr.call .opener");
        browser.run(
                "document.querySelector('tr.call .opener').focus(); window.shown = document.querySelector('.opener').dataset.call");
        visitor.answered("gpt-4o");
        browser.await(calls(2));
        assertThat(browser.run("return document.querySelector('tr.open .opener').dataset.call === window.shown"
                        + " && document.activeElement.dataset.call === window.shown"))
                .isEqualTo(true);
        browser.run("document.getElementById('filter').focus()");
        browser.press("m", "i", "n", "i");
        visitor.answered("gpt-4o-mini");
        browser.await("document.getElementById('found').textContent === '2 of 3 calls'");
        assertThat(browser.run("return document.activeElement.id + document.activeElement.value"))
                .isEqualTo("filtermini");
    }

    @Test
    void theOpenCallStaysWhereItIsHoweverManyComeAfterIt() {
        String top = "return document.querySelector('tr.open').getBoundingClientRect().top";
        openThePage();
        browser.size(1280, 300);
        browser.click("tr.call .opener");
        browser.run("document.querySelector('tr.open').scrollIntoView({ behavior: 'instant', block: 'start' })");
        double before = (double) browser.run(top);
        for (int i = 0; i < 60; i++) {
            visitor.answered("gpt-4o-mini");
        }
        browser.await("document.getElementById('found').textContent === '61 calls'");
        assertThat(browser.count("tr.drilled")).isEqualTo(1);
        // Browsers scroll by whole pixels.
        assertThat((double) browser.run(top)).isCloseTo(before, within(4.0));
    }

    @Test
    void withoutTheTokenThereIsNothingToSee() {
        URI page = URI.create("http://" + console.url().getAuthority() + "/");
        for (String link : List.of(page.toString(), page + "#AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")) {
            browser.open("about:blank");
            browser.open(link);
            browser.await("document.getElementById('live').textContent.includes('needs the link with its token')");
            assertThat(browser.count("tr.call")).isZero();
        }
    }

    @Test
    void aPageTooManySaysThatItWaitsAndFollowsWhenOneIsGone() throws IOException {
        List<InputStream> others = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            HttpURLConnection other =
                    (HttpURLConnection) console.url().resolve("/events").toURL().openConnection();
            other.setRequestProperty("Authorization", "Bearer " + console.url().getFragment());
            others.add(other.getInputStream());
        }
        browser.open(console.url().toString());
        browser.await("document.getElementById('live').textContent.startsWith('waits: ')");
        for (InputStream other : others) {
            other.close();
        }
        browser.await(LIVE + " && " + calls(1));
    }

    @Test
    void aConsoleThatIsClosedIsTold() {
        openThePage();
        console.close();
        browser.await("document.getElementById('live').textContent === 'not connected'");
        assertThat(browser.count("tr.call")).isEqualTo(1);
    }
}
