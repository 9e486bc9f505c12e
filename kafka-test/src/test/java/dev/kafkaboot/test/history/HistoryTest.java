package dev.kafkaboot.test.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HistoryTest {

    private final Story story = new Story();
    private final History history = story.history;

    @Test
    void operationHasABeginningAndAnEnd() {
        SendInvocation send = story.producer.send("t", 3);
        assertThat(history.operations()).singleElement().satisfies(operation -> assertThat(operation.isOpen()).isTrue());

        send.ok(7);

        Operation sent = history.operations().get(0);
        assertThat(sent.outcome()).isEqualTo(Outcome.OK);
        assertThat(sent.action()).isEqualTo(new Action.Send(send.value(), new PartitionId("t", 3), 7));
        assertThat(sent.completedPosition()).isGreaterThan(sent.invoked().position());
    }

    @Test
    void operationEndsOnce() {
        SendInvocation send = story.producer.send("t", 3);
        send.fail("too large");

        assertThatThrownBy(() -> send.ok(7)).isInstanceOf(IllegalStateException.class).hasMessageContaining("completed before");
    }

    @Test
    void crashEndsEverythingThatIsUnderWay() {
        SendInvocation send = story.producer.send("t", 3);
        PollInvocation ofAnother = story.consumer.poll();

        story.producer.crash();
        send.ok(7);

        assertThat(history.operations().get(0).outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(history.operations().get(1).isOpen()).isTrue();
        assertThatThrownBy(() -> story.producer.send("t", 3)).isInstanceOf(IllegalStateException.class).hasMessageContaining("producer has crashed");
        ofAnother.ok(List.of());
    }

    @Test
    void nameThatIsUsedAgainIsAnotherIncarnation() {
        assertThat(history.process("a").id()).hasToString("a");
        assertThat(history.process("a").id()).hasToString("a/2");
    }

    @Test
    void processWithoutAGroupHasNoOffsets() {
        assertThatThrownBy(() -> story.consumer.commit(Map.of())).isInstanceOf(IllegalStateException.class).hasMessageContaining("no group");
    }

    @Test
    void failureIsLookedUp() {
        SendInvocation send = story.producer.send("t", 3);

        send.failed(new Failure("SendException", null, Failure.Persistence.NOT_PERSISTED, "purged"));

        assertThat(history.operations().get(0).outcome()).isEqualTo(Outcome.FAIL);
        assertThat(history.operations().get(0).error()).isEqualTo("SendException NOT_PERSISTED: purged");
    }

    @Test
    void textHasALineForEachOperation() {
        story.sent(0);
        TransactionInvocation transaction = story.producer.transaction();
        story.sent(transaction, 1, 5);
        story.abort(transaction);
        story.consumer.poll();

        assertThat(history.text().lines().map(String::strip)).containsExactly(
                "0     0.001000s producer       send #1 to t-0@0 -> OK at 0.002000s",
                "1     0.003000s producer       transaction, asked to abort -> aborted at 0.007000s: aborted",
                "2     0.004000s producer       send #2 to t-1@5 in transaction 1 -> OK at 0.005000s",
                "3     0.008000s consumer       poll [] -> never ended");
    }
}
