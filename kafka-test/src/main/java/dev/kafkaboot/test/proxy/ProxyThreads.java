package dev.kafkaboot.test.proxy;

/** Daemon threads: a proxy that a test forgot to close does not keep the JVM alive. */
final class ProxyThreads {

    private ProxyThreads() {}

    static Thread start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
