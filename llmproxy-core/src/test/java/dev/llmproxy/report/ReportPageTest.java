package dev.llmproxy.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.squareup.moshi.JsonReader;
import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import java.net.ConnectException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okio.Buffer;
import okio.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReportPageTest {
    private static final int MOST_BYTES = 80 << 10;
    private static final Pattern DATA =
            Pattern.compile("<script type=\"application/json\" id=\"data\">(.*?)</script>", Pattern.DOTALL);

    private final LlmProxy proxy = LlmProxy.builder().build();

    @AfterEach
    void close() {
        proxy.close();
    }

    private String pageOfAFailure() throws IOException {
        try (LlmResponse response = proxy.execute(
                FakeTransport.chat(),
                CallOptions.none(),
                FakeTransport.answering(FakeTransport.failingIn(Phase.CONNECT, new ConnectException("refused"))))) {
            throw new AssertionError(response.toString());
        } catch (LlmFaultException e) {
            return ReportPage.file(proxy.report());
        }
    }

    @Test
    void theFindingsNeedNoScript() throws IOException {
        String markup = pageOfAFailure().replaceAll("(?s)<(script|style).*?</\\1>", "");
        assertThat(markup)
                .contains("<h2>One cause explains all of 1 failure</h2>")
                .contains("<code>connection.refused</code>")
                .contains("<ol class=\"remedies\">\n<li>")
                .contains("llmproxy report of ");
    }

    @Test
    void theDataInItIsTheReport() throws IOException {
        Matcher data = DATA.matcher(pageOfAFailure());
        assertThat(data.find()).isTrue();
        assertThat(JsonReader.of(new Buffer().writeUtf8(data.group(1))).readJsonValue())
                .asString()
                .contains("headline=One cause explains all of 1 failure", "cause=connection.refused");
        assertThat(data.group(1)).doesNotContain("\n");
    }

    @Test
    void thePolicyAllowsJustWhatIsInIt() {
        String page = ReportPage.file(proxy.report());
        String policy = first(page, "content=\"(default-src [^\"]*)\"");
        assertThat(policy)
                .startsWith("default-src 'none'; ")
                .contains("'sha256-" + hash(first(page, "(?s)<style>(.*?)</style>")) + "'")
                .contains("'sha256-" + hash(first(page, "(?s)<script>(.*?)</script>")) + "'")
                .doesNotContain("unsafe", "connect-src", "http");
        assertThat(ReportPage.livePolicy()).contains("; connect-src 'self'", "; frame-ancestors 'none'");
    }

    @Test
    void itLoadsNothing() {
        assertThat(ReportPage.live().getBytes(UTF_8).length).isLessThan(MOST_BYTES);
        assertThat(ReportPage.live())
                .doesNotContain("src=\"", "@import", "url(", "innerHTML", "outerHTML", "insertAdjacentHTML", "eval(")
                .doesNotContainPattern("@(mode|policy|style|script|findings|text|data)@");
    }

    @Test
    void theLivePageHoldsNothingOfAReport() {
        assertThat(ReportPage.live()).contains("id=\"data\">null</script>").doesNotContain("Timeouts.connect");
    }

    private static String first(String page, String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(page);
        assertThat(found.find()).as(pattern).isTrue();
        return found.group(1);
    }

    private static String hash(String text) {
        return ByteString.encodeUtf8(text).sha256().base64();
    }
}
