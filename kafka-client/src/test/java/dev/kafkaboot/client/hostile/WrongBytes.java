package dev.kafkaboot.client.hostile;

import static dev.kafkaboot.client.net.LoopbackServer.bytes;
import static dev.kafkaboot.client.net.LoopbackServer.drain;
import static dev.kafkaboot.client.net.LoopbackServer.frame;
import static dev.kafkaboot.client.net.LoopbackServer.negotiate;
import static dev.kafkaboot.client.net.LoopbackServer.read;
import static dev.kafkaboot.client.net.LoopbackServer.write;

import dev.kafkaboot.client.net.LoopbackServer;
import dev.kafkaboot.protocol.message.MetadataResponse;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A peer whose bytes are wrong, or come when they should not.
 *
 * @param name what it does
 * @param script how
 * @param expected what the failure of the first request says
 */
record WrongBytes(String name, LoopbackServer.Script script, String expected) {

    /** Whether it is for the client to make an end. */
    boolean isSilent() {
        return expected.startsWith(WITHIN);
    }

    private static final String WITHIN = " within ";

    static List<WrongBytes> all() {
        return List.of(
                new WrongBytes("an answer that claims to be larger than the memory", negotiated((socket, number) -> {
                    read(socket);
                    write(socket, bytes(0x05, 0xf0, 0, 0));
                }), "for which there is no memory"),
                new WrongBytes("an answer that claims to be larger than is allowed", negotiated((socket, number) -> {
                    read(socket);
                    write(socket, bytes(0x7f, 0xff, 0xff, 0xff));
                }), "claims to be 2147483647 bytes long"),
                new WrongBytes("a negative length", first(0xff, 0xff, 0xff, 0xf0), "claims to be -16 bytes long"),
                new WrongBytes("a list of versions that claims to be 64 MB", first(0x04, 0, 0, 0), "claims to be 67108864 bytes long"),
                new WrongBytes("a TLS alert", first(0x15, 3, 3, 0, 2, 2, 0x50), "this is a TLS port"),
                new WrongBytes("HTTP", (socket, number) -> {
                    read(socket);
                    write(socket, "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    drain(socket);
                }, "answered in HTTP"),
                new WrongBytes("counts that are larger than the message", negotiated((socket, number) -> {
                    LoopbackServer.Request request = read(socket);
                    write(socket, bytes(0, 0, 0, 14, 0, 0, 0, request.correlationId(), 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x0f));
                }), "that cannot be read"),
                new WrongBytes("an answer to another request", negotiated((socket, number) -> {
                    LoopbackServer.Request request = read(socket);
                    write(socket, frame(request.correlationId() + 1, (short) 1, new MetadataResponse(), request.version()));
                }), "where the answer to METADATA 1 was due"),
                new WrongBytes("answers before anything was asked", (socket, number) -> {
                    for (int i = 0; i < 100; i++) {
                        write(socket, frame(i, (short) 0, LoopbackServer.versions(), (short) 0));
                    }
                    drain(socket);
                }, "was not sent: the broker "),
                new WrongBytes("silence", (socket, number) -> drain(socket), WITHIN + "150 ms"),
                new WrongBytes("silence after the versions", negotiated((socket, number) -> {}), WITHIN + "400 ms"),
                new WrongBytes("versions that trickle in", (socket, number) -> trickle(socket, bytes(0, 0, 1, 0)),
                        WITHIN + "150 ms"),
                new WrongBytes("an answer that trickles in", (socket, number) -> {
                    negotiate(socket);
                    trickle(socket, bytes(0, 0, 1, 0));
                }, WITHIN + "400 ms"));
    }

    private static LoopbackServer.Script first(int... bytes) {
        return (socket, number) -> {
            read(socket);
            write(socket, bytes(bytes));
            drain(socket);
        };
    }

    private static LoopbackServer.Script negotiated(LoopbackServer.Script script) {
        return (socket, number) -> {
            negotiate(socket);
            script.serve(socket, number);
            drain(socket);
        };
    }

    private static void trickle(Socket socket, byte... begin) throws Exception {
        read(socket);
        write(socket, begin);
        CountDownLatch never = new CountDownLatch(1);
        while (!never.await(10, TimeUnit.MILLISECONDS)) {
            write(socket, bytes(0));
        }
    }
}
