package dev.kafkaboot.client.sim;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.RecordDeserializationException;
import dev.kafkaboot.client.TimeoutException;
import dev.kafkaboot.client.TopicIdPartition;
import dev.kafkaboot.client.consumer.AcknowledgeType;
import dev.kafkaboot.client.consumer.ConsumerRecords;
import dev.kafkaboot.client.consumer.KafkaShareConsumer;
import dev.kafkaboot.client.consumer.ShareAcknowledgementMode;
import dev.kafkaboot.client.consumer.ShareAcquireMode;
import dev.kafkaboot.client.serialization.Serializer;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.client.sim.ShareJournal.Place;
import dev.kafkaboot.client.sim.ShareJournal.Said;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A member of a share group, until it is told to stop: it polls, works for a while that may be longer than a lock lasts, says this or that of each record, commits
 * now and then, leaves or closes at any time, and comes back. All of it is in the journal.
 */
final class ShareApplication implements SimulatedProcess.Main {

    private static final Duration API_TIMEOUT = Duration.ofSeconds(15);

    private final ShareJournal journal;
    private final String topic;
    private final String group;
    private boolean calm;
    private boolean stopped;
    private boolean ended;
    private int lives;

    ShareApplication(ShareJournal journal, String topic, String group) {
        this.journal = journal;
        this.topic = topic;
        this.group = group;
    }

    /** Lets it stay, be quick and accept everything, from now on. */
    void calmDown() {
        calm = true;
    }

    /** Lets it poll no more, and close. */
    void stop() {
        stopped = true;
    }

    /** Whether it was stopped and has done so. */
    boolean hasEnded() {
        return ended;
    }

    @Override
    public void run(SimulatedProcess process) {
        SplittableRandom random = process.simulation().newRandom();
        while (!stopped) {
            new Member(process, random, process.name() + "." + ++lives).live();
            if (!stopped) {
                process.simulation().sleep(Duration.ofMillis(random.nextLong(2_000)));
            }
        }
        ended = true;
    }

    /** One consumer, from its making to its end. */
    private final class Member {

        private final SimulatedProcess process;
        private final Simulation simulation;
        private final SplittableRandom random;
        private final boolean isExplicit;
        private final ShareLife life;
        private final KafkaShareConsumer<byte[], byte[]> consumer;

        Member(SimulatedProcess process, SplittableRandom random, String name) {
            this.process = process;
            this.simulation = process.simulation();
            this.random = random;
            this.isExplicit = random.nextInt(3) > 0;
            this.life = journal.life(process, name, isExplicit);
            this.consumer = KafkaShareConsumer.builder(Serializers.bytes(), new Unreliable(random.split()))
                    .connections(process.connections())
                    .clientId(name)
                    .groupId(group)
                    .acknowledgementMode(isExplicit ? ShareAcknowledgementMode.EXPLICIT : ShareAcknowledgementMode.IMPLICIT)
                    .acquireMode(random.nextBoolean() ? ShareAcquireMode.BATCH_OPTIMIZED : ShareAcquireMode.RECORD_LIMIT)
                    .maxPollRecords(1 + random.nextInt(random.nextBoolean() ? 10 : 100))
                    .maxPollInterval(Duration.ofSeconds(random.nextBoolean() ? 5 : 60))
                    .config("request.timeout.ms", random.nextBoolean() ? 2_000 : 5_000)
                    .config("default.api.timeout.ms", (int) API_TIMEOUT.toMillis())
                    .config("fetch.max.wait.ms", 50 + random.nextInt(450))
                    .build();
            consumer.acknowledgementCommitCallback(life::told);
        }

        void live() {
            try {
                subscribe();
                if (random.nextInt(3) == 0) {
                    process.thread("second", this::pollAsWell);
                }
                if (random.nextInt(3) == 0) {
                    closeSomeTime();
                }
                while (!stopped && (calm || random.nextInt(60) > 0)) {
                    step();
                }
            } catch (ClientClosedException closed) {
                if (!life.isClosing()) {
                    journal.anomaly(life + " is closed, which nobody has done: " + closed);
                }
                return;
            }
            close();
        }

        private void subscribe() {
            consumer.subscribe(List.of(topic));
            life.isSubscribed(true);
        }

        /** What another thread does meanwhile. */
        private void pollAsWell() {
            try {
                while (!life.isClosing()) {
                    if (life.isSubscribed()) {
                        poll();
                    }
                    work();
                    if (isExplicit) {
                        speak();
                    }
                    simulation.sleep(Duration.ofMillis(random.nextLong(500)));
                }
            } catch (ClientClosedException closed) {
                // The other thread tells if nobody has closed it.
            }
        }

        private void closeSomeTime() {
            long millis = random.nextLong(20_000);
            simulation.later(Duration.ofMillis(millis), () -> {
                if (!calm && !stopped && !life.hasCrashed()) {
                    process.thread("closer", this::close);
                }
            });
        }

        private void close() {
            if (life.isClosing()) {
                return;
            }
            Duration limit = Duration.ofMillis(calm || random.nextBoolean() ? 30_000 : random.nextBoolean() ? random.nextLong(5_000) : random.nextLong(50));
            life.closes();
            life.within("close", limit, () -> consumer.close(limit));
        }

        private void step() {
            poll();
            work();
            if (isExplicit) {
                speak();
            }
            int draw = random.nextInt(calm ? 12 : 40);
            if (draw < 8) {
                commit();
            } else if (draw < 12) {
                commitAsync();
            } else if (draw == 12) {
                leave();
            }
            if (!calm && random.nextInt(8) == 0) {
                work();
            }
        }

        private void poll() {
            Duration timeout = Duration.ofMillis(random.nextInt(5) == 0 ? 0 : random.nextLong(1_000));
            life.within("poll", timeout, () -> {
                try {
                    refuseIfClosing();
                    life.sends();
                    ConsumerRecords<byte[], byte[]> records = consumer.poll(timeout);
                    records.forEach(record -> life.handedOut(
                            ShareLife.placeOf(record.topicPartition(), record.offset()), record.deliveryCount().orElse((short) -1), record.value()));
                } catch (ClientClosedException closed) {
                    throw closed;
                } catch (RecordDeserializationException wrong) {
                    life.unreadable(ShareLife.placeOf(wrong.topicPartition(), wrong.offset()));
                } catch (KafkaException failure) {
                    simulation.log(life.toString(), "polls in vain: " + failure);
                }
            });
        }

        /** What is said after another thread has begun to close is nobody's affair. */
        private void refuseIfClosing() {
            if (life.isClosing()) {
                throw new ClientClosedException("another thread closes it");
            }
        }

        private void work() {
            int draw = random.nextInt(calm ? 20 : 100);
            if (draw < 20) {
                simulation.sleep(Duration.ofMillis(random.nextLong(200)));
            } else if (draw > 96) {
                simulation.sleep(Duration.ofMillis(random.nextLong(12_000)));
            }
        }

        /** Says something of every record that was given, and of some of those that are kept. */
        private void speak() {
            for (Place place : life.unsaid()) {
                say(place, anything());
                if (random.nextInt(50) == 0) {
                    say(place, anything()); // one may change one's mind
                }
            }
            for (Place place : life.kept()) {
                if (calm || random.nextInt(4) == 0) {
                    say(place, anything());
                }
            }
        }

        private AcknowledgeType anything() {
            int draw = calm ? 0 : random.nextInt(100);
            return draw < 70 ? AcknowledgeType.ACCEPT : draw < 80 ? AcknowledgeType.RELEASE : draw < 85 ? AcknowledgeType.REJECT : AcknowledgeType.RENEW;
        }

        private void say(Place place, AcknowledgeType type) {
            refuseIfClosing();
            if (!life.has(place)) {
                return;
            }
            try {
                consumer.acknowledge(topic, place.partition(), place.offset(), type);
                life.says(place, type);
            } catch (IllegalStateException unknown) {
                life.disowned(place);
            }
        }

        private void commit() {
            refuseIfClosing();
            Duration limit = random.nextInt(5) == 0 ? Duration.ofMillis(random.nextLong(1_000)) : API_TIMEOUT;
            List<Said> before = life.untold();
            List<Said> own = life.sends();
            long pausedBefore = process.pausedNanos();
            life.within("commit", limit, () -> {
                try {
                    life.committed(own, before, consumer.commit(limit));
                } catch (ClientClosedException closed) {
                    throw closed;
                } catch (KafkaException failure) { // a process that was paused for longer than the call may take tells the callback alone
                    if (!(failure instanceof TimeoutException) || process.pausedNanos() == pausedBefore) {
                        journal.anomaly(life + " fails to commit: " + failure);
                    }
                }
            });
        }

        private void commitAsync() {
            refuseIfClosing();
            List<Said> before = life.untold();
            List<Said> own = life.sends();
            CompletableFuture<Map<TopicIdPartition, Optional<KafkaException>>> commit = consumer.commitAsync();
            commit.thenAccept(outcome -> life.committed(own, before, outcome));
        }

        private void leave() {
            refuseIfClosing();
            life.isSubscribed(false);
            life.givesUp();
            life.within("leaving the group", API_TIMEOUT, () -> {
                try {
                    consumer.unsubscribe();
                } catch (ClientClosedException closed) {
                    throw closed;
                } catch (KafkaException failure) {
                    journal.anomaly(life + " fails to leave: " + failure);
                }
            });
            work();
            subscribe();
        }
    }

    /** Fails to read a value now and then, and has no trouble with it the next time. */
    private final class Unreliable implements Serializer<byte[]> {

        private final Serializer<byte[]> bytes = Serializers.bytes();
        private final SplittableRandom random;

        Unreliable(SplittableRandom random) {
            this.random = random;
        }

        @Override
        public byte @Nullable [] serialize(String to, Headers headers, byte @Nullable [] data) {
            return bytes.serialize(to, headers, data);
        }

        @Override
        public byte @Nullable [] deserialize(String from, Headers headers, byte @Nullable [] data) {
            if (!calm && data != null && random.nextInt(200) == 0) {
                journal.unreadable(data);
                throw new IllegalArgumentException("the schema is not to be had");
            }
            return bytes.deserialize(from, headers, data);
        }
    }
}
