/** The Spring part against a real broker, without Boot. */
@org.jspecify.annotations.NullMarked
package dev.kafkaboot.spring;
