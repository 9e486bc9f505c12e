/** How long the broker behind spring-kafka-test's {@code @EmbeddedKafka} takes to start; a build of its own, because its Kafka is an older one. */
package dev.kafkaboot.benchmarks.embedded;
