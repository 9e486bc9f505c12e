package dev.kafkaboot.client.security;

import dev.kafkaboot.client.Secret;

/**
 * A user name and a password, or the id of a delegation token and its HMAC (KIP-48). Prints without the password. Immutable.
 *
 * @param userName the user's name, or the token's id
 * @param password the password, or the token's HMAC in Base64
 * @param isDelegationToken whether it is a delegation token, which only SCRAM knows
 */
public record UserCredentials(String userName, Secret password, boolean isDelegationToken) {

    /** Those of a user. */
    public static UserCredentials of(String userName, String password) {
        return new UserCredentials(userName, Secret.of(password), /* isDelegationToken= */ false);
    }

    /** A delegation token, as the admin client's {@code tokens().create} answers it. */
    public static UserCredentials delegationToken(String tokenId, String hmac) {
        return new UserCredentials(tokenId, Secret.of(hmac), /* isDelegationToken= */ true);
    }
}
