package dev.kafkaboot.client.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.Headers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParkedRecordsTest {

    private final ParkedRecords records = new ParkedRecords();
    private final List<String> done = new ArrayList<>();

    private ParkedRecord add() {
        ParkedRecord record = new ParkedRecord(new SendFuture(0, -1, -1), null, null, null, Headers.none(), 1, 0);
        records.add(record);
        return record;
    }

    private void runDue() {
        records.takeDue().forEach(Runnable::run);
    }

    @Test
    void waiterWaitsForWhatIsThereAndNotForWhatComesLater() {
        ParkedRecord first = add();
        ParkedRecord second = add();
        assertThat(records.whenGone(() -> done.add("both"))).isTrue();
        add();

        records.take(first);
        records.moved();
        runDue();
        assertThat(done).isEmpty();
        records.take(second);
        runDue();
        assertThat(done).as("it is being moved").isEmpty();
        records.moved();
        runDue();
        assertThat(done).containsExactly("both");
    }

    @Test
    void recordThatIsPutBackIsTheOldestAgain() {
        ParkedRecord first = add();
        add();

        assertThat(records.take(first)).isTrue();
        records.putBack(first);

        assertThat(records.oldest()).isSameAs(first);
    }

    @Test
    void recordThatIsBeingMovedIsWaitedForAlthoughThoseBehindItAreGone() {
        ParkedRecord first = add();
        add();
        records.whenGone(() -> done.add("both"));
        records.take(first);

        assertThat(records.takeAll()).hasSize(1);
        runDue();
        assertThat(done).isEmpty();
        assertThat(records.isEmpty()).isFalse();
        records.moved();
        runDue();

        assertThat(done).containsExactly("both");
        assertThat(records.isEmpty()).isTrue();
        assertThat(records.whenGone(() -> done.add("none"))).isFalse();
    }

    @Test
    void onlyTheOldestCanBeTaken() {
        add();
        ParkedRecord second = add();

        assertThat(records.take(second)).isFalse();
    }
}
