package dev.kafkaboot.spring.core;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.cluster.ConnectionManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The connections of an application's clients: one {@link ConnectionManager} for all that connect in the same way.
 *
 * <p>There is a main one, which is given. Further ones are opened when a client first asks for them, because it asks other servers or connects in another way, and
 * closed with this. Health and meters see all of them. Thread-safe.
 */
public final class SharedConnections implements ConnectionSource, AutoCloseable {

    private final ConnectionManager main;
    private final WayToConnect mainWay;
    private final Map<WayToConnect, ConnectionManager> others = new LinkedHashMap<>();
    private final List<Consumer<ConnectionManager>> observers = new ArrayList<>();

    /**
     * Shares connections.
     *
     * @param main the main ones, which are not closed with this
     * @param config the configuration that they were made with
     */
    public SharedConnections(ConnectionManager main, Map<String, ?> config) {
        this.main = main;
        this.mainWay = WayToConnect.of(config, null);
    }

    @Override
    public synchronized ConnectionManager connectionsFor(Map<String, ?> config) {
        WayToConnect way = WayToConnect.of(config, mainWay);
        if (way.equals(mainWay)) {
            return main;
        }
        ConnectionManager known = others.get(way);
        if (known != null) {
            return known;
        }
        Map<String, Object> complete = new LinkedHashMap<>(config);
        complete.putIfAbsent(CommonConfig.BOOTSTRAP_SERVERS.name(), way.settings().get(CommonConfig.BOOTSTRAP_SERVERS.name()));
        ClientConfig common = WayToConnect.common(complete);
        ConnectionManager opened = ConnectionManager.create(common);
        others.put(way, opened);
        observers.forEach(observer -> observer.accept(opened));
        return opened;
    }

    /** All there are now, the main ones first. */
    public synchronized List<ConnectionManager> all() {
        List<ConnectionManager> all = new ArrayList<>();
        all.add(main);
        all.addAll(others.values());
        return all;
    }

    /** Tells of all there are, at once, and of each that is opened later, before it is used. */
    public synchronized void observe(Consumer<ConnectionManager> observer) {
        all().forEach(observer);
        observers.add(observer);
    }

    /** Closes those that were opened by this. */
    @Override
    public void close() {
        List<ConnectionManager> opened;
        synchronized (this) {
            opened = List.copyOf(others.values());
            others.clear();
        }
        opened.forEach(ConnectionManager::close);
    }
}
