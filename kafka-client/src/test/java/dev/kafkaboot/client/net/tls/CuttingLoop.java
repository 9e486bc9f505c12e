package dev.kafkaboot.client.net.tls;

import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.Transport;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

/** A real loop whose sockets can be closed under the feet of what lies above them: the peer sees that, and so does the client. */
final class CuttingLoop implements AutoCloseable {

    private final EventLoop real = EventLoop.start("cutting");
    private final List<Socket> sockets = new ArrayList<>(); // on the loop only
    private final EventLoop loop = (EventLoop) Proxy.newProxyInstance(EventLoop.class.getClassLoader(), new Class<?>[] {EventLoop.class},
            (proxy, method, arguments) -> {
                boolean opens = method.getName().equals("connect");
                Socket socket = new Socket();
                if (opens) {
                    socket.handler = (Transport.Handler) arguments[2];
                }
                try {
                    Object result = method.invoke(real, arguments);
                    if (opens) {
                        socket.transport = (Transport) result;
                        sockets.add(socket);
                    }
                    return result;
                } catch (InvocationTargetException failure) {
                    throw failure.getCause();
                }
            });

    private static final class Socket {

        private Transport transport;
        private Transport.Handler handler;
    }

    EventLoop loop() {
        return loop;
    }

    /** Cuts every connection. */
    void cut() {
        real.execute(() -> {
            List<Socket> all = List.copyOf(sockets);
            sockets.clear();
            for (Socket socket : all) {
                socket.transport.close();
                socket.handler.readable(); // what is above finds a closed channel
            }
        });
    }

    @Override
    public void close() {
        real.close();
    }
}
