package dev.kafkaboot.test.conformance;

import static dev.kafkaboot.test.conformance.Side.batch;

import dev.kafkaboot.protocol.message.FetchRequest;
import dev.kafkaboot.protocol.message.FetchRequest.ForgottenTopic;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class FetchSessionConformanceTest extends ConformanceTest {

    private static final int VERSION = 13;

    @Test
    void onlyWhatChangedIsToldAgain() throws IOException {
        assertAlike(side -> {
            String topic = FetchConformanceTest.filled(side, "orders");
            Fetching fetching = new Fetching(side);
            int session = begin(fetching, topic);
            fetching.fetch("records once more", in(session, 1), VERSION);
            fetching.fetch("to the end", fetching.request(topic, Fetching.from(8)).sessionId(session).sessionEpoch(2), VERSION);
            fetching.fetch("nothing new", in(session, 3), VERSION);
            new Producing(side).send("new record", topic, batch("a").bytes());
            fetching.fetch("new record", in(session, 4), VERSION);
            fetching.fetch("out of range", fetching.request(topic, Fetching.from(99)).sessionId(session).sessionEpoch(5), VERSION);
            fetching.fetch("still out of range", in(session, 6), VERSION);
            fetching.fetch("back in range", fetching.request(topic, Fetching.from(9)).sessionId(session).sessionEpoch(7), VERSION);
            fetching.fetch("quiet", in(session, 8), VERSION);
        });
    }

    @Test
    void partitionsAreAddedAndForgotten() throws IOException {
        assertAlike(side -> {
            String topic = FetchConformanceTest.filled(side, "orders");
            String other = FetchConformanceTest.filled(side, "bills");
            Fetching fetching = new Fetching(side);
            int session = begin(fetching, topic);
            fetching.fetch("added", fetching.request(other, Fetching.from(0)).sessionId(session).sessionEpoch(1), VERSION);
            fetching.fetch("unknown", fetching.request(side.named("nowhere"), Fetching.from(0)).sessionId(session).sessionEpoch(2), VERSION);
            fetching.fetch("still unknown", in(session, 3), VERSION);
            fetching.fetch("two forgotten", in(session, 4).forgottenTopicsData(
                    List.of(forgotten(side, topic), forgotten(side, side.named("nowhere")))), VERSION);
            fetching.fetch("all forgotten", in(session, 5).forgottenTopicsData(List.of(forgotten(side, other))), VERSION);
            fetching.fetch("after all are forgotten", in(session, 6), VERSION);
        });
    }

    @Test
    void wrongEpochsAndSessionsAreRefused() throws IOException {
        assertAlike(side -> {
            String topic = FetchConformanceTest.filled(side, "orders");
            Fetching fetching = new Fetching(side);
            int session = begin(fetching, topic);
            fetching.fetch("first", in(session, 1), VERSION);
            fetching.fetch("same epoch again", in(session, 1), VERSION);
            fetching.fetch("epoch left out", in(session, 3), VERSION);
            fetching.fetch("version without ids", in(session, 2), 12);
            fetching.fetch("unknown session", in(session + 17, 1), VERSION);
        });
    }

    @Test
    void sessionEndsWhenItIsClosed() throws IOException {
        assertAlike(side -> {
            String topic = FetchConformanceTest.filled(side, "orders");
            Fetching fetching = new Fetching(side);
            int session = begin(fetching, topic);
            fetching.fetch("close", in(session, -1), VERSION);
            fetching.fetch("after close", in(session, 1), VERSION);
        });
    }

    private static int begin(Fetching fetching, String topic) throws IOException {
        return fetching.fetch("begin", fetching.request(topic, Fetching.from(0)).sessionEpoch(0), VERSION).sessionId();
    }

    private static FetchRequest in(int session, int epoch) {
        return Fetching.empty().sessionId(session).sessionEpoch(epoch);
    }

    private static ForgottenTopic forgotten(Side side, String topic) {
        return new ForgottenTopic().topic(topic).topicId(side.idOf(topic)).partitions(List.of(0));
    }
}
