//! The origin and the proxies before it: their files in a temporary folder, their configurations, their start.
//!
//! The origin is an nginx that answers what Usher asks of a Jellyfin about one user, a small answer, and films. So the
//! bytes that are measured come from the same program in every run.
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::net::TcpListener;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::json;

use super::process::{Cores, Running, on};
use crate::debian::is_root;

/// The token of the one user. No secret: it opens nothing but this origin.
pub(super) const TOKEN: &str = "00112233445566778899aabbccddeeff";
/// The film.
pub(super) const ITEM: &str = "fedcba9876543210fedcba9876543210";
const USER: &str = "0123456789abcdef0123456789abcdef";

/// Films: name, and size in bytes.
pub(super) const SHORT_FILM: (&str, u64) = ("short.mp4", 64 << 20);
/// The long film.
pub(super) const LONG_FILM: (&str, u64) = ("long.mp4", 1 << 30);

/// Bytes of the small answer, as a list in Jellyfin's form.
const SMALL: usize = 1024;

/// A folder that goes with this value, and the ports of all programs.
pub(super) struct Place {
    folder: PathBuf,
    /// Of the origin itself.
    pub origin: u16,
    /// Of nginx as a proxy with its own defaults, which keep answers in buffers.
    pub nginx: u16,
    /// Of the same nginx, set as Jellyfin's documentation sets it: without buffers.
    pub nginx_unbuffered: u16,
    /// Of the same nginx, with buffers large enough to spare it calls of the kernel.
    pub nginx_large: u16,
    /// Of Caddy.
    pub caddy: u16,
    /// Of Usher.
    pub usher: u16,
}

impl Place {
    /// Lays out the files, and takes care of uploads.
    pub(super) fn make() -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("usher-bench-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("temporary"))?;
        let sockets = (0..7)
            .map(|_| TcpListener::bind("127.0.0.1:0"))
            .collect::<Result<Vec<_>, _>>()?;
        let mut ports = Vec::new();
        for socket in &sockets {
            ports.push(socket.local_addr()?.port());
        }
        let &[
            origin,
            nginx,
            nginx_unbuffered,
            nginx_large,
            caddy,
            usher,
            sink,
        ] = ports.as_slice()
        else {
            anyhow::bail!("seven ports are needed");
        };
        let place = Self {
            folder,
            origin,
            nginx,
            nginx_unbuffered,
            nginx_large,
            caddy,
            usher,
        };
        place.write_answers()?;
        place.write("origin.conf", &place.origin_file(sink))?;
        place.write("proxy.conf", &place.proxy_file())?;
        place.write("Caddyfile", &place.caddy_file())?;
        place.write("usher.toml", &place.usher_file())?;
        super::load::swallow(sockets.into_iter().next_back().context("a socket")?);
        Ok(place)
    }

    /// A file in the folder.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Starts the origin.
    pub(super) fn start_origin(&self) -> Result<Running> {
        let mut command = on(Cores::Others, "nginx");
        command.arg("-c").arg(self.file("origin.conf"));
        Running::start(command, self.origin)
    }

    /// Starts nginx as a proxy, in all forms at once.
    pub(super) fn start_nginx(&self) -> Result<Running> {
        let mut command = on(Cores::Proxy, "nginx");
        command.arg("-c").arg(self.file("proxy.conf"));
        Running::start(command, self.nginx)
    }

    /// Starts Caddy.
    pub(super) fn start_caddy(&self) -> Result<Running> {
        let mut command = on(Cores::Proxy, "caddy");
        command.args(["run", "--adapter", "caddyfile", "--config"]);
        command
            .arg(self.file("Caddyfile"))
            .env("HOME", &self.folder);
        Running::start(command, self.caddy)
    }

    /// Starts Usher.
    pub(super) fn start_usher(&self, program: &Path) -> Result<Running> {
        let mut command = on(Cores::Proxy, program);
        command
            .args(["serve", "--config"])
            .arg(self.file("usher.toml"));
        command.env("USHER_LOG", "warn");
        Running::start(command, self.usher)
    }

    fn write(&self, name: &str, text: &str) -> Result<()> {
        write_new(&self.file(name), text)
    }

    fn write_answers(&self) -> Result<()> {
        let policy = json!({
            "IsAdministrator": false, "IsDisabled": false, "IsHidden": false, "EnableRemoteAccess": true,
            "EnableRemoteControlOfOtherUsers": false, "EnableMediaPlayback": true, "EnableAllDevices": true,
            "EnableAllFolders": true, "EnableAllChannels": true, "EnableContentDownloading": true, "AccessSchedules": [],
            "LoginAttemptsBeforeLockout": -1,
        });
        let user = json!({
            "Id": USER, "Name": "bench", "ServerId": ITEM, "HasPassword": true, "HasConfiguredPassword": true,
            "Policy": policy,
        });
        let server = json!({
            "Id": ITEM, "ServerName": "Bench", "Version": "10.11.0", "ProductName": "Jellyfin Server",
            "StartupWizardCompleted": true,
        });
        let item = json!({"Name": "", "Id": ITEM, "Type": "CollectionFolder"});
        let small = |name: &str| {
            let mut item = item.clone();
            item["Name"] = json!(name);
            json!({"Items": [item], "TotalRecordCount": 1, "StartIndex": 0}).to_string()
        };
        let name = "x".repeat(SMALL - small("").len());
        self.write("me.json", &user.to_string())?;
        self.write("users.json", &json!([user]).to_string())?;
        self.write("server.json", &server.to_string())?;
        self.write("small.json", &small(&name))?;
        self.write("api-key", TOKEN)?;
        for (name, bytes) in [SHORT_FILM, LONG_FILM] {
            File::create(self.file(name))?.set_len(bytes)?;
        }
        Ok(())
    }

    /// What both nginx have in common: one process each, files in our folder only, no log of requests.
    fn nginx_file(&self, name: &str, servers: &str) -> String {
        let folder = self.folder.display();
        let user = if is_root() { "user root;" } else { "" };
        format!(
            "daemon off; master_process off; {user} pid {folder}/{name}.pid; error_log stderr crit;
events {{ worker_connections 4096; }}
http {{
    access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; client_max_body_size 0;
    default_type application/json;
    client_body_temp_path {folder}/temporary; proxy_temp_path {folder}/temporary;
    fastcgi_temp_path {folder}/temporary; uwsgi_temp_path {folder}/temporary; scgi_temp_path {folder}/temporary;
{servers}
}}
"
        )
    }

    fn origin_file(&self, sink: u16) -> String {
        let (folder, port) = (self.folder.display(), self.origin);
        let servers = format!(
            "    server {{
        listen 127.0.0.1:{port} backlog=4096; root {folder};
        location = /System/Info/Public {{ alias {folder}/server.json; }}
        location = /Users/Me {{ alias {folder}/me.json; }}
        location = /Users/{USER} {{ alias {folder}/me.json; }}
        location = /Users {{ alias {folder}/users.json; }}
        location = /Users/AuthenticateByName {{ return 401; }}
        location = /Auth/Keys {{ return 403; }}
        location = /QuickConnect/Enabled {{ return 200 true; }}
        location = /System/Configuration {{ return 200 '{{\"QuickConnectAvailable\":true}}'; }}
        location = /System/Configuration/network {{ return 200 '{{\"KnownProxies\":[\"127.0.0.1\"]}}'; }}
        location = /System/ActivityLog/Entries {{ return 200 '{{\"Items\":[],\"TotalRecordCount\":0,\"StartIndex\":0}}'; }}
        location = /Items/{ITEM} {{ return 200 '{{\"Id\":\"{ITEM}\",\"Type\":\"Movie\",\"RunTimeTicks\":60000000000}}'; }}
        location = /UserViews {{ alias {folder}/small.json; }}
        location = /Videos/{ITEM}/stream {{ default_type video/mp4; try_files /$arg_file =404; }}
        location = /ClientLog/Document {{
            proxy_pass http://127.0.0.1:{sink}; proxy_request_buffering off; proxy_http_version 1.1;
        }}
        location / {{ return 404; }}
    }}"
        );
        self.nginx_file("origin", &servers)
    }

    fn proxy_file(&self) -> String {
        let server = |port: u16, settings: &str| {
            format!(
                "    server {{
        listen 127.0.0.1:{port} backlog=4096;
        location / {{
            proxy_pass http://origin; proxy_http_version 1.1; proxy_set_header Connection \"\";
            proxy_set_header Host $host; proxy_set_header X-Real-IP $remote_addr;
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
            proxy_set_header X-Forwarded-Proto $scheme; proxy_set_header X-Forwarded-Host $http_host;
            {settings}
        }}
    }}"
            )
        };
        let servers = format!(
            "    upstream origin {{ server 127.0.0.1:{}; keepalive 64; keepalive_requests 1000000000; }}\n{}\n{}\n{}",
            self.origin,
            server(self.nginx, ""),
            server(self.nginx_unbuffered, "proxy_buffering off;"),
            server(
                self.nginx_large,
                "proxy_buffer_size 64k; proxy_buffers 16 64k; proxy_busy_buffers_size 512k; proxy_max_temp_file_size 0;"
            )
        );
        self.nginx_file("proxy", &servers)
    }

    fn caddy_file(&self) -> String {
        format!(
            "{{\n\tadmin off\n\tauto_https off\n\tlog {{\n\t\tlevel ERROR\n\t}}\n}}\nhttp://127.0.0.1:{} {{\n\tbind 127.0.0.1\n\t\
             reverse_proxy 127.0.0.1:{}\n}}\n",
            self.caddy, self.origin
        )
    }

    fn usher_file(&self) -> String {
        let (usher, origin) = (self.usher, self.origin);
        let file = |name: &str| self.file(name).display().to_string();
        format!(
            "public_url = \"http://127.0.0.1:{usher}\"\nlisten = \"127.0.0.1:{usher}\"\nkey_file = {:?}\n\
             [upstream]\nurl = \"http://127.0.0.1:{origin}\"\napi_key_file = {:?}\n[database]\npath = {:?}\n",
            file("usher.key"),
            file("api-key"),
            file("usher.db")
        )
    }
}

/// Writes a file that only its owner reads: it may hold a key.
pub(super) fn write_new(path: &Path, text: &str) -> Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    Ok(file.write_all(text.as_bytes())?)
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
