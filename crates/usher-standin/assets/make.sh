#!/bin/sh
# Makes the pictures, films, segments and subtitles in this folder again. Needed only when the art changes;
# wants node, chromium and ffmpeg (with libx264) from Debian.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
node art.mjs "$work"
mkdir -p library/pictures library/films library/hls
cd library

render() { # svg, width, height -> png beside it, transparent where nothing is drawn
  chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --default-background-color=00000000 \
    --window-size="$2,$3" --screenshot="${1%.svg}.png" "file://$1" >/dev/null 2>&1
}
picture() { # png, width, name
  ffmpeg -v error -y -i "$1" -vf "scale=$2:-1:flags=lanczos" -q:v 5 "pictures/$3.jpg"
}
film() { # name, pitch of its chord in Hz
  base="$work/$1"
  ffmpeg -v error -y \
    -loop 1 -framerate 12 -t 10 -i "$base.back.png" -loop 1 -framerate 12 -t 10 -i "$base.front.png" -loop 1 -framerate 12 -t 10 -i "$base.title.png" \
    -f lavfi -t 10 -i "aevalsrc='0.10*sin(2*PI*$2*t)+0.07*sin(2*PI*$2*1.25*t)*(0.6+0.4*sin(0.8*t))+0.06*sin(2*PI*$2*1.5*t)*(0.6+0.4*cos(0.5*t))':s=44100" \
    -filter_complex "[0]scale=704:-1[back];[1]scale=760:-1,format=rgba[front];[2]scale=640:360,format=rgba,fade=in:st=0.3:d=0.8:alpha=1,fade=out:st=3.2:d=1:alpha=1[title];\
[back][front]overlay=x='-28+24*sin(t*0.45)':y='-16+6*sin(t*1.3)'[scene];[scene]crop=640:360:x='32+28*sin(t*0.2)':y=18[cut];[cut][title]overlay=0:0:enable='lt(t,4.3)',fade=in:d=0.5,fade=out:st=9.2:d=0.8,format=yuv420p[picture];[3]afade=in:d=1,afade=out:st=8:d=2[sound]" \
    -map "[picture]" -map "[sound]" -t 10 -c:v libx264 -profile:v baseline -level 3.0 -preset slow -crf 39 -g 36 -keyint_min 36 -sc_threshold 0 \
    -c:a aac -b:a 24k -ac 1 -movflags +faststart -fflags +bitexact -flags:v +bitexact -flags:a +bitexact "films/$1.mp4"
}

for svg in "$work"/*.svg; do
  case $svg in *.poster.svg) render "$svg" 480 720 ;; *) render "$svg" 1280 720 ;; esac
done
for png in "$work"/*.poster.png; do picture "$png" 400 "$(basename "$png" .png)"; done
for png in "$work"/*.backdrop.png; do picture "$png" 960 "$(basename "$png" .png)"; done
film paper-boat 262; film lantern-street 220; film northbound 196; film long-wire 165; film quiet-harbor 147; film unrated-cut 233
film night-ferry-1 175; film night-ferry-2 185; film night-ferry-3 156
ffmpeg -v error -y -i films/paper-boat.mp4 -c copy -f hls -hls_time 3 -hls_playlist_type vod -hls_segment_filename 'hls/%d.ts' "$work/main.m3u8"
