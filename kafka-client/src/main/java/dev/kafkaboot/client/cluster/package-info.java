/**
 * What is known of the cluster, and the way to its brokers: metadata, coordinators, and the routing of requests.
 *
 * <p>It builds on {@code dev.kafkaboot.client.net}, and the producer, the consumer and the admin client build on it. State is confined to the
 * event loop; what other threads see are immutable snapshots. Start reading at {@link dev.kafkaboot.client.cluster.ConnectionManager}, then
 * {@link dev.kafkaboot.client.cluster.ClusterMetadata}.
 */
@NullMarked
package dev.kafkaboot.client.cluster;

import org.jspecify.annotations.NullMarked;
