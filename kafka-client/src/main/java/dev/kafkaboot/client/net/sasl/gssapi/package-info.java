/**
 * GSSAPI (RFC 4752), which is Kerberos: by the JDK's own login module and GSS-API, off the loop, with a configuration made in code. Start reading with
 * {@link dev.kafkaboot.client.net.sasl.gssapi.KerberosMechanism}.
 */
@NullMarked
package dev.kafkaboot.client.net.sasl.gssapi;

import org.jspecify.annotations.NullMarked;
