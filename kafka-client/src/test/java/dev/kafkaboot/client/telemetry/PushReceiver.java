package dev.kafkaboot.client.telemetry;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.jspecify.annotations.Nullable;

/** The test's end of {@link ReceivingPlugin}: gets what brokers were given. */
final class PushReceiver implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 120;

    private final ServerSocket server;
    private final BlockingQueue<ReceivedPush> pushes = new LinkedBlockingQueue<>();

    PushReceiver() {
        try {
            server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
        start(this::accept);
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "push-receiver");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.getLocalPort();
    }

    /** The class path of this JVM with the plug-in in a jar, because a broker for tests takes nothing but jars from there. */
    static List<Path> classPathWithPlugin(Path directory) throws IOException {
        Path jar = directory.resolve("receiving-plugin.jar");
        String entry = ReceivingPlugin.class.getName().replace('.', '/') + ".class";
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                InputStream in = PushReceiver.class.getClassLoader().getResourceAsStream(entry)) {
            out.putNextEntry(new JarEntry(entry));
            in.transferTo(out);
        }
        String own = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<Path> paths = new ArrayList<>(Arrays.stream(own.split(System.getProperty("path.separator"), -1)).map(Path::of).toList());
        paths.add(jar);
        return paths;
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                start(() -> read(socket));
            }
        } catch (SocketException closed) {
            // The test is over.
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private void read(Socket socket) {
        try (DataInputStream in = new DataInputStream(socket.getInputStream())) {
            while (true) {
                String clientId = in.readUTF();
                String instanceId = in.readUTF();
                boolean terminating = in.readBoolean();
                byte[] bytes = new byte[in.readInt()];
                in.readFully(bytes);
                pushes.add(new ReceivedPush(clientId, instanceId, terminating, ReadMetrics.of(bytes)));
            }
        } catch (EOFException | SocketException brokerEnded) {
            // So does this.
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** The next push that is of interest, as soon as there is one; others that come before are dropped. */
    ReceivedPush await(Predicate<ReceivedPush> wanted) throws InterruptedException {
        while (true) {
            ReceivedPush push = pushes.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (push == null) {
                throw new AssertionError("Nothing that is wanted was pushed within " + PATIENCE_SECONDS + " s");
            }
            if (wanted.test(push)) {
                return push;
            }
        }
    }

    /** The next push that is of interest, or null if there is none yet; others that came before are dropped. */
    @Nullable ReceivedPush poll(Predicate<ReceivedPush> wanted) {
        while (true) {
            ReceivedPush push = pushes.poll();
            if (push == null || wanted.test(push)) {
                return push;
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
