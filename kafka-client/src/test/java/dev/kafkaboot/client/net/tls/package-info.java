/** Tests of TLS: channels in memory against the JVM's own server side, certificates that are wrong in each way, and real brokers. */
@NullMarked
package dev.kafkaboot.client.net.tls;

import org.jspecify.annotations.NullMarked;
