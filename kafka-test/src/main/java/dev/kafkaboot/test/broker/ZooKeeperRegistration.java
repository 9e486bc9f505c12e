package dev.kafkaboot.test.broker;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;

/**
 * What a broker leaves behind in ZooKeeper when it is killed: it stays registered, and may stay the controller, until its session ends. The session has to be long,
 * because a busy machine is not a dead broker; so a broker that comes back takes away what it left, and need not wait.
 */
final class ZooKeeperRegistration {

    private static final int ANY_VERSION = -1;

    private final String servers;
    private final int sessionMillis;
    private final String brokerId;

    ZooKeeperRegistration(Properties broker) {
        servers = Objects.requireNonNull(broker.getProperty("zookeeper.connect"));
        sessionMillis = Integer.parseInt(broker.getProperty("zookeeper.session.timeout.ms"));
        brokerId = Objects.requireNonNull(broker.getProperty("broker.id"));
    }

    /** Takes away what an earlier process of this broker has left. */
    void clear() throws ReflectiveOperationException, InterruptedException {
        Class<?> watcherType = Class.forName("org.apache.zookeeper.Watcher");
        CountDownLatch heard = new CountDownLatch(1);
        Object watcher = Proxy.newProxyInstance(watcherType.getClassLoader(), new Class<?>[] {watcherType}, (proxy, method, arguments) -> switch (method.getName()) {
            case "hashCode" -> System.identityHashCode(proxy);
            case "equals" -> proxy == arguments[0];
            case "toString" -> "watcher";
            default -> {
                heard.countDown(); // the first event is that it is connected
                yield null;
            }
        });
        Object client = Class.forName("org.apache.zookeeper.ZooKeeper").getConstructor(String.class, int.class, watcherType)
                .newInstance(servers, sessionMillis, watcher);
        try {
            heard.await();
            delete(client, "/brokers/ids/" + brokerId);
            if (isController(client)) {
                delete(client, "/controller");
            }
        } finally {
            new Reflected(client).call("close");
        }
    }

    private boolean isController(Object client) throws ReflectiveOperationException {
        Class<?> statType = Class.forName("org.apache.zookeeper.data.Stat");
        try {
            byte[] content = (byte[]) client.getClass().getMethod("getData", String.class, boolean.class, statType)
                    .invoke(client, "/controller", false, null);
            return List.of(new String(content, StandardCharsets.UTF_8).split("[{},]", -1)).contains("\"brokerid\":" + brokerId);
        } catch (InvocationTargetException failure) {
            return absent(failure);
        }
    }

    private static void delete(Object client, String path) throws ReflectiveOperationException {
        try {
            client.getClass().getMethod("delete", String.class, int.class).invoke(client, path, ANY_VERSION);
        } catch (InvocationTargetException failure) {
            absent(failure);
        }
    }

    /** False if what was asked for is not there; throws anything else. */
    private static boolean absent(InvocationTargetException failure) throws InvocationTargetException {
        if (failure.getCause() != null && failure.getCause().getClass().getName().equals("org.apache.zookeeper.KeeperException$NoNodeException")) {
            return false;
        }
        throw failure;
    }
}
