package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.protocol.Bytes;
import dev.kafkaboot.protocol.Message;
import dev.kafkaboot.protocol.Writer;
import dev.kafkaboot.protocol.message.ConsumerProtocolAssignment;
import dev.kafkaboot.protocol.message.ConsumerProtocolSubscription;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes the inputs that the fuzz tests of this module begin with, below the folder of resources that is its argument: the blobs of every version, and the
 * stream of a few frames. What fuzzing has found stands beside them and stays as it is.
 */
final class GroupBlobSeeds {

    private GroupBlobSeeds() {}

    public static void main(String[] resources) throws IOException {
        Path client = Path.of(resources[0], "dev", "kafkaboot", "client");
        Path blobs = client.resolve("consumer").resolve("GroupBlobsFuzzTestInputs");
        ConsumerProtocolSubscription subscription = new ConsumerProtocolSubscription()
                .topics(List.of("orders", "payments"))
                .userData(Bytes.wrap(new CooperativeStickyAssignor().userData(3)))
                .ownedPartitions(List.of(new ConsumerProtocolSubscription.TopicPartition().topic("orders").partitions(List.of(0, 5))))
                .generationId(3)
                .rackId("west");
        ConsumerProtocolAssignment assignment = new ConsumerProtocolAssignment()
                .assignedPartitions(List.of(new ConsumerProtocolAssignment.TopicPartition().topic("orders").partitions(List.of(1, 2))));
        for (short version = 0; version <= ConsumerProtocolSubscription.HIGHEST_VERSION; version++) {
            write(blobs, "subscription", "v" + version, blob(subscription, version));
            write(blobs, "memberOfALedGroup", "v" + version, blob(subscription, version));
            write(blobs, "assignment", "v" + version, blob(assignment, version));
        }
        write(blobs, "assignment", "ours", ConsumerProtocol.assignment(List.of(new TopicPartition("payments", 0))));
        Path frames = client.resolve("net").resolve("FrameReaderFuzzTestInputs");
        write(frames, "frames", "three", stream(4, 600, 1_500));
        write(frames, "frames", "tls-record", new byte[] {7, 0x16, 3, 3, 0, 4, 1, 2, 3, 4});
        write(frames, "frames", "http", "\u0003HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    private static byte[] blob(Message message, short version) {
        Writer out = new Writer();
        out.writeShort(version);
        message.write(out, version);
        return out.toByteArray();
    }

    private static byte[] stream(int... sizes) {
        ByteBuffer stream = ByteBuffer.allocate(4_096).put((byte) 11);
        for (int size : sizes) {
            stream.putInt(size).put(new byte[size]);
        }
        byte[] bytes = new byte[stream.position()];
        stream.get(0, bytes);
        return bytes;
    }

    private static void write(Path inputs, String method, String name, byte[] input) throws IOException {
        Files.write(Files.createDirectories(inputs.resolve(method)).resolve(name), input);
    }
}
