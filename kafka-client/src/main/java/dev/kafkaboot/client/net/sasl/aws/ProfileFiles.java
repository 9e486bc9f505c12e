package dev.kafkaboot.client.net.sasl.aws;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.net.sasl.fetch.BoundedFile;
import dev.kafkaboot.client.net.sasl.fetch.Moment;
import dev.kafkaboot.client.security.AwsCredentials;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files that AWS's tools keep, {@code ~/.aws/credentials} and {@code ~/.aws/config}. Keys are read from them, and nothing else: no role that is taken on, no
 * single sign-on, no process that is run. For those there is a supplier.
 */
final class ProfileFiles implements AwsCredentialChain.Link {

    private final Surroundings surroundings;
    private final @Nullable String configuredProfile;

    ProfileFiles(Surroundings surroundings, @Nullable String configuredProfile) {
        this.surroundings = surroundings;
        this.configuredProfile = configuredProfile;
    }

    @Override
    public @Nullable AwsCredentials find(Moment moment) {
        String named = configuredProfile == null ? surroundings.variable("AWS_PROFILE") : configuredProfile;
        String profile = named == null ? "default" : named;
        Path credentials = file("AWS_SHARED_CREDENTIALS_FILE", "credentials");
        Map<String, String> settings = new LinkedHashMap<>();
        settings.putAll(section(file("AWS_CONFIG_FILE", "config"), profile.equals("default") ? "default" : "profile " + profile));
        settings.putAll(section(credentials, profile));
        AwsCredentials found = FixedCredentials.of("profile '" + profile + "' of " + credentials + ", aws_access_key_id and aws_secret_access_key,",
                settings.get("aws_access_key_id"), settings.get("aws_secret_access_key"), settings.get("aws_session_token"));
        if (found == null && (named != null || !settings.isEmpty() && settings.keySet().stream().anyMatch(ProfileFiles::isOtherWay))) {
            throw new AuthenticationException("Profile '" + profile + "' has no access key in " + credentials
                    + "; roles, single sign-on and processes are not read from profiles, and are had by sasl.aws.credentials.supplier");
        }
        return found;
    }

    private static boolean isOtherWay(String setting) {
        return setting.equals("role_arn") || setting.equals("credential_process") || setting.startsWith("sso_");
    }

    private Path file(String variable, String name) {
        String given = surroundings.variable(variable);
        return given == null ? surroundings.home().resolve(".aws").resolve(name) : Path.of(given);
    }

    /** The settings of one section; none if there is no file or no section. */
    private static Map<String, String> section(Path file, String wanted) {
        Map<String, String> settings = new LinkedHashMap<>();
        if (!Files.exists(file)) {
            return settings;
        }
        boolean isWanted = false;
        for (String line : BoundedFile.read(file, "file").split("\\R", -1)) {
            String text = line.strip();
            if (text.startsWith("[") && text.indexOf(']') > 0) {
                isWanted = text.substring(1, text.indexOf(']')).strip().replaceAll("\\s+", " ").equals(wanted);
            } else if (isWanted && !text.startsWith("#") && !text.startsWith(";") && text.indexOf('=') > 0 && line.equals(line.stripLeading())) {
                settings.put(text.substring(0, text.indexOf('=')).strip(), text.substring(text.indexOf('=') + 1).strip());
            }
        }
        return settings;
    }
}
