package dev.kafkaboot.protocol;

import dev.kafkaboot.protocol.message.ConsumerProtocolAssignment;
import dev.kafkaboot.protocol.message.ConsumerProtocolSubscription;
import java.nio.ByteBuffer;

/**
 * What members of a classic group tell each other through the coordinator: subscriptions and assignments, each behind its version in two bytes.
 *
 * <p>A version is not negotiated: a member writes the newest that it knows. So a reader takes what it knows of a newer version, which only ever adds
 * fields at the end, and ignores the rest.
 */
public final class ConsumerProtocol {

    private ConsumerProtocol() {}

    /** A subscription in its newest version, behind that version. */
    public static byte[] encode(ConsumerProtocolSubscription subscription) {
        return encode(subscription, ConsumerProtocolSubscription.HIGHEST_VERSION);
    }

    /** An assignment in its newest version, behind that version. */
    public static byte[] encode(ConsumerProtocolAssignment assignment) {
        return encode(assignment, ConsumerProtocolAssignment.HIGHEST_VERSION);
    }

    /** An assignment in the version that a member understands, or the newest, behind that version. */
    public static byte[] encode(ConsumerProtocolAssignment assignment, short version) {
        return encode((Message) assignment, (short) Math.min(version, ConsumerProtocolAssignment.HIGHEST_VERSION));
    }

    /**
     * Reads a subscription of any version.
     *
     * @throws ProtocolException if the bytes are none
     */
    public static ConsumerProtocolSubscription readSubscription(byte[] bytes) {
        ConsumerProtocolSubscription subscription = new ConsumerProtocolSubscription();
        read(subscription, bytes);
        return subscription;
    }

    /**
     * Reads an assignment of any version.
     *
     * @throws ProtocolException if the bytes are none
     */
    public static ConsumerProtocolAssignment readAssignment(byte[] bytes) {
        ConsumerProtocolAssignment assignment = new ConsumerProtocolAssignment();
        read(assignment, bytes);
        return assignment;
    }

    private static byte[] encode(Message message, short version) {
        Writer out = new Writer();
        out.writeShort(version);
        message.write(out, version);
        return out.toByteArray();
    }

    private static void read(Message message, byte[] bytes) {
        Reader in = new Reader(ByteBuffer.wrap(bytes));
        short version = in.readShort();
        message.read(in, (short) Math.min(version, message.highestSupportedVersion()));
    }
}
