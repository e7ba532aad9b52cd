#!/bin/sh
# The main job on a sample declaration: make demo calls this with the venv's bin, the output folder, the sample.
set -eu
bin=$1 out=$2 sample=$3
mkdir -p "$out"
model=off
echo "== 准备本地模型（约 1.1 GB，只在第一次下载；不可得时跳过模型部分）"
if "$bin/assistant" models install; then model=embedded; else echo "   模型不可用，继续不用模型的审查"; fi
echo "== 审查样例申报书 $sample（模型：$model）"
"$bin/assistant" review "$sample" --model "$model" --format html --out "$out"
"$bin/assistant" review "$sample" --model off --format docx --out "$out"
"$bin/assistant" review "$sample" --model "$model" --format text
echo "== 报告已写入 $out/，用浏览器打开其中的 .html；启动界面：$bin/assistant ui"
