@org.jspecify.annotations.NullMarked
package dev.kafkaboot.spring.listener.adapter;
