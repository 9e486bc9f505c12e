package dev.kafkaboot.test.history;

import static dev.kafkaboot.test.history.Story.at;
import static dev.kafkaboot.test.history.Story.polled;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

class ReportTest {

    private final Story story = new Story();

    private Report lostWrite() {
        HistoryValue first = story.sent(0);
        story.sent(1);
        HistoryValue third = story.sent(2);
        polled(story.consumer, at(0, first), at(2, third));
        return story.check();
    }

    @Test
    void textNamesTheAnomalyAndShowsWhatHappenedAroundIt() {
        assertThat(lostWrite().text()).contains(
                "Anomalies in 4 operations",
                "1  lost write",
                "lost write: value #2 of producer was acknowledged at t-0@1, and consumer went past without reading it",
                "  >>     1     0.003000s producer       send #2 to t-0@1 -> OK",
                "         2     0.005000s producer       send #3 to t-0@2 -> OK",
                "  >>     3     0.007000s consumer       poll [t-0@0=#1, t-0@2=#3] -> OK");
    }

    @Test
    void textOfACleanReportIsOneLine() {
        story.sent(0);

        assertThat(story.check().text()).isEqualTo("No anomalies in 1 operations");
    }

    @Test
    void pageIsRedWhereSomethingIsWrong(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("reports/history.html");

        lostWrite().writeHtml(file);

        assertThat(Files.readString(file)).contains("<h2>t-0</h2>", "class=\"wrong-column\"", "class=\"cell wrong\"", "lost write").doesNotContain("http://", "https://", "<script");
    }

    @Test
    void cleanPageIsNotRed() {
        HistoryValue value = story.sent(0);
        polled(story.consumer, at(0, value));

        assertThat(story.check().html()).contains("No anomalies", "<h2>t-0</h2>", "class=\"cell send\"", "class=\"cell poll\"")
                .doesNotContain("class=\"wrong-column\"", "class=\"wrong-row\"");
    }

    @Test
    void everyPictureIsWellFormed() throws Exception {
        for (Mutation mutation : List.of(Mutation.LOSE_A_VALUE, Mutation.COMMIT_TOO_FAR, Mutation.MAKE_A_CYCLE, Mutation.NEVER_END, Mutation.FLIP_A_BIT_FOR_ALL)) {
            List<Operation> mutated = null;
            for (long seed = 0; mutated == null; seed++) {
                mutated = mutation.apply(new Original(seed));
            }
            String page = HistoryChecker.check(mutated, RandomHistory.expectations()).html();

            Matcher picture = Pattern.compile("<svg width=\"\\d+\" height=\"\\d+\" viewBox.*?</svg>", Pattern.DOTALL).matcher(page);
            int pictures = 0;
            while (picture.find()) {
                pictures++;
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(picture.group())));
            }
            assertThat(pictures).as("%s", mutation).isPositive();
        }
    }

    @Test
    void examplesOfOneTypeAreFewAndTheirNumberIsWhole() {
        for (int i = 0; i < 40; i++) {
            HistoryValue value = story.sent(2L * i);
            polled(story.consumer, at(2L * i, value), at(2L * i + 1, value));
        }

        Report report = story.check();

        assertThat(report.counts()).containsEntry(AnomalyType.DUPLICATE, 40);
        assertThat(report.anomalies()).hasSize(Findings.EXAMPLES_MAX);
    }
}
