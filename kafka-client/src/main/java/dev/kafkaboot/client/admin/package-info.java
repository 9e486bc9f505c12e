/**
 * Looking at a cluster and changing it: topics, and the cluster itself.
 *
 * <p>Start reading at {@link dev.kafkaboot.client.admin.KafkaAdminClient}.
 */
@NullMarked
package dev.kafkaboot.client.admin;

import org.jspecify.annotations.NullMarked;
