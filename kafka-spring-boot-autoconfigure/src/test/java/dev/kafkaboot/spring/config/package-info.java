@org.jspecify.annotations.NullMarked
package dev.kafkaboot.spring.config;
