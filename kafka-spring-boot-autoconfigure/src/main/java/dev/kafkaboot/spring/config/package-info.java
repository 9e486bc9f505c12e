/** How listeners become containers: endpoints, the factory that makes their containers, the registry that runs them. And topics, to be created. */
@NullMarked
package dev.kafkaboot.spring.config;

import org.jspecify.annotations.NullMarked;
