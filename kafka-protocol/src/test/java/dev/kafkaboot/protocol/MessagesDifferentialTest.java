package dev.kafkaboot.protocol;

import static dev.kafkaboot.protocol.MessagePairs.bytes;
import static dev.kafkaboot.protocol.MessagePairs.names;
import static dev.kafkaboot.protocol.MessagePairs.newOurs;
import static dev.kafkaboot.protocol.MessagePairs.newTheirs;
import static dev.kafkaboot.protocol.MessagePairs.ourClass;
import static dev.kafkaboot.protocol.MessagePairs.theirClass;
import static dev.kafkaboot.protocol.MessagePairs.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.protocol.types.RawTaggedField;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every message in every version against the classes of kafka-clients, in both directions. */
class MessagesDifferentialTest {

    private static final int INSTANCES = 12;

    @TestFactory
    Stream<DynamicTest> everyMessageInEveryVersionIsTheSameBytesAndValuesAsApaches() throws Exception {
        return names().stream().map(name -> DynamicTest.dynamicTest(name, () -> everyVersionIsTheSame(name)));
    }

    @Test
    void noDefinitionAndNoVersionIsLeftOut() throws Exception {
        List<String> names = names();
        int versions = 0;
        for (String name : names) {
            org.apache.kafka.common.protocol.Message theirs = newTheirs(theirClass(name));
            versions += theirs.highestSupportedVersion() - theirs.lowestSupportedVersion() + 1;
        }

        assertThat(names).hasSizeGreaterThanOrEqualTo(190).contains("ProduceRequest", "FetchResponse", "ConsumerProtocolAssignment", "RequestHeader");
        assertThat(versions).isGreaterThanOrEqualTo(500);
    }

    @Test
    void theComparisonSeesASingleValueThatDiffers() throws Exception {
        MetadataResponse ours = new MetadataResponse().topics(List.of(new MetadataResponse.MetadataResponseTopic().name("a")));
        MetadataResponseData theirs = new MetadataResponseData();
        theirs.topics().add(new MetadataResponseData.MetadataResponseTopic().setName("a"));

        assertThat(SameValues.difference(ours, theirs)).isNull();
        ours.topics().get(0).isInternal(true);
        assertThat(SameValues.difference(ours, theirs)).isEqualTo("MetadataResponse.topics: MetadataResponseTopic.isInternal: true / false");
    }

    @Test
    void aFieldThatAVersionCannotCarryIsNamedWithTheVersionsThatCan() {
        MetadataRequest request = new MetadataRequest().topics(List.of()).includeTopicAuthorizedOperations(true);

        assertThatThrownBy(() -> request.write(new Writer(), (short) 4))
                .isInstanceOf(UnsupportedFieldException.class)
                .hasMessage("MetadataRequest.includeTopicAuthorizedOperations is set, but version 4 cannot carry it; versions that can: 8-13");
    }

    @Test
    void aVersionThatDoesNotExistIsRefused() {
        assertThatThrownBy(() -> new MetadataRequest().write(new Writer(), (short) 99))
                .isInstanceOf(UnsupportedVersionException.class)
                .hasMessage("MetadataRequest has no version 99; it has 0 to 13");
    }

    private static void everyVersionIsTheSame(String name) throws Exception {
        Class<?> ours = ourClass(name);
        Class<?> theirs = theirClass(name);
        Message sample = newOurs(ours);
        org.apache.kafka.common.protocol.Message theirSample = newTheirs(theirs);
        assertThat(sample.lowestSupportedVersion()).isEqualTo(theirSample.lowestSupportedVersion());
        assertThat(sample.highestSupportedVersion()).isEqualTo(theirSample.highestSupportedVersion());
        for (short version = sample.lowestSupportedVersion(); version <= sample.highestSupportedVersion(); version++) {
            RandomPair.Limits limits = new RandomPair.Limits(MessagePairs.isFlexible(theirs, version));
            sameDefaults(ours, theirs, version);
            long seed = new Random(31L * name.hashCode() + version).nextLong();
            for (int instance = 0; instance < INSTANCES; instance++) {
                compare(ours, theirs, version, seed + instance, limits);
            }
            for (RandomPair.Limits oneLifted : limits.eachLifted()) {
                sameRefusals(ours, theirs, version, seed, oneLifted);
            }
        }
    }

    private static void sameDefaults(Class<?> ours, Class<?> theirs, short version) throws ReflectiveOperationException {
        Message our = newOurs(ours);
        org.apache.kafka.common.protocol.Message their = newTheirs(theirs);
        String what = ours.getSimpleName() + " version " + version + " with its defaults";

        assertThat(SameValues.difference(our, their)).as(what).isNull();
        assertThat(bytes(our, version)).as(what).isEqualTo(write(their, version));
    }

    /** What ours refuses, with nothing else in the message to refuse, theirs refuses too. */
    private static void sameRefusals(Class<?> ours, Class<?> theirs, short version, long seed, RandomPair.Limits limits)
            throws ReflectiveOperationException {
        for (int instance = 0; instance < INSTANCES; instance++) {
            Message our = newOurs(ours);
            org.apache.kafka.common.protocol.Message their = newTheirs(theirs);
            RandomPair.fill(our, their, seed + instance, limits);
            try {
                our.write(new Writer(), version);
            } catch (UnsupportedFieldException refused) {
                assertThatThrownBy(() -> write(their, version)).as(refused.getMessage())
                        .isInstanceOfAny(org.apache.kafka.common.errors.UnsupportedVersionException.class, NullPointerException.class);
            }
        }
    }

    private static void compare(Class<?> ours, Class<?> theirs, short version, long seed, RandomPair.Limits limits) throws Exception {
        String what = ours.getSimpleName() + " version " + version + " seed " + seed;
        while (true) {
            Message our = newOurs(ours);
            org.apache.kafka.common.protocol.Message their = newTheirs(theirs);
            RandomPair.fill(our, their, seed, limits);
            Writer out = new Writer();
            try {
                our.write(out, version);
            } catch (UnsupportedFieldException refused) {
                assertThatThrownBy(() -> write(their, version)).as("%s: %s", what, refused.getMessage()).isInstanceOf(Exception.class);
                assertThat(limits.learn(refused)).as("%s: the same field is refused again: %s", what, refused.getMessage()).isTrue();
                continue;
            }
            assertThat(out.toByteArray()).as(what).isEqualTo(write(their, version));
            readsTheSame(ours, theirs, version, out.toByteArray(), what);
            return;
        }
    }

    private static void readsTheSame(Class<?> ours, Class<?> theirs, short version, byte[] bytes, String what) throws Exception {
        Message our = newOurs(ours);
        Reader in = new Reader(ByteBuffer.wrap(bytes));
        our.read(in, version);
        org.apache.kafka.common.protocol.Message their = newTheirs(theirs);
        their.read(new ByteBufferAccessor(ByteBuffer.wrap(bytes)), version);

        assertThat(in.remaining()).as(what).isZero();
        assertThat(SameValues.difference(our, their)).as(what).isNull();
        assertThat(bytes(our, version)).as(what).isEqualTo(bytes);
        Message copy = newOurs(ours);
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        copy.read(new Reader(direct), version);
        assertThat(copy).as(what).isEqualTo(our).hasSameHashCodeAs(our).hasToString(our.toString());
    }

    @Test
    void unknownTaggedFieldsAreKeptAndWrittenAgain() {
        org.apache.kafka.common.message.MetadataRequestData theirs = new org.apache.kafka.common.message.MetadataRequestData();
        theirs.unknownTaggedFields().add(new RawTaggedField(77, new byte[] {1, 2, 3}));
        byte[] bytes = write(theirs, (short) 12);

        MetadataRequest ours = new MetadataRequest();
        ours.read(new Reader(ByteBuffer.wrap(bytes)), (short) 12);
        Writer out = new Writer();
        ours.write(out, (short) 12);

        assertThat(ours.unknownTaggedFields()).containsExactly(new UnknownTaggedField(77, new byte[] {1, 2, 3}));
        assertThat(out.toByteArray()).isEqualTo(bytes);
        assertThat(theirs.size(new ObjectSerializationCache(), (short) 12)).isEqualTo(bytes.length);
    }
}
