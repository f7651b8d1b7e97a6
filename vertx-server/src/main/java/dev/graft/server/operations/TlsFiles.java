package dev.graft.server.operations;

import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * PEM files of encrypted connections. They may be replaced while the server runs.
 *
 * @param certificate chain of the server, its own first
 * @param key private key of the server, PKCS 8
 * @param clients certificates of those who sign for clients; with them a client must show one
 */
public record TlsFiles(Path certificate, Path key, Optional<Path> clients) {

  private static final Set<String> PROTOCOLS = Set.of("TLSv1.2", "TLSv1.3");
  private static final List<String> APPLICATION_PROTOCOLS = List.of("h2", "http/1.1");

  /** A server whose connections are encrypted. */
  public HttpServerOptions on(HttpServerOptions options) {
    options
        .setSsl(true)
        .setUseAlpn(true)
        .setKeyCertOptions(keys())
        .setEnabledSecureTransportProtocols(PROTOCOLS);
    clients.ifPresent(
        file -> options.setClientAuth(ClientAuth.REQUIRED).setTrustOptions(trust(file)));
    return options;
  }

  /** The same for a server that runs. */
  private ServerSSLOptions options() {
    ServerSSLOptions options = new ServerSSLOptions();
    options.setKeyCertOptions(keys()).setEnabledSecureTransportProtocols(PROTOCOLS);
    options.setUseAlpn(true).setApplicationLayerProtocols(APPLICATION_PROTOCOLS);
    clients.ifPresent(
        file -> {
          options.setTrustOptions(trust(file));
          options.setClientAuth(ClientAuth.REQUIRED);
        });
    return options;
  }

  private PemKeyCertOptions keys() {
    return new PemKeyCertOptions().setCertPath(certificate.toString()).setKeyPath(key.toString());
  }

  private static PemTrustOptions trust(Path file) {
    return new PemTrustOptions().addCertPath(file.toString());
  }

  /** Lets a server take new certificates, for the connections from then on. */
  public void watch(Vertx vertx, HttpServer server) {
    List<Path> files = new ArrayList<>(List.of(certificate, key));
    clients.ifPresent(files::add);
    FileWatch.on(
        vertx, "certificates", files, () -> server.updateSSLOptions(options(), /* force= */ true));
  }
}
